using InMARS.Stages.Images;
using InMARS.Stages.Reports;
using OpenCvSharp;

namespace InMARS.Tests.Stages.Reports;

public class GalleryPainterTests
{
    private const int Gutter = 4;

    [Fact]
    public void Pictures_and_clusters_stand_side_by_side_in_their_colours()
    {
        var image = new RgbImage(default, 1, 2, 4, [1, 2, 3, 9, 4, 5, 6, 9]);

        var png = GalleryPainter.Paint([new GalleryRow(image, [[7, 7, 7, 8, 8, 8]], [[1, 0]])], [10, 11, 12, 20, 21, 22]);

        using var picture = Cv2.ImDecode(png, ImreadModes.Color);
        Assert.Equal((80, (3 * 160) + (2 * Gutter)), (picture.Rows, picture.Cols));
        Vec3b At(int x) => picture.At<Vec3b>(40, x);
        Assert.Equal(new Vec3b(3, 2, 1), At(10));
        Assert.Equal(new Vec3b(6, 5, 4), At(100));
        Assert.Equal(new Vec3b(255, 255, 255), At(161));
        Assert.Equal(new Vec3b(8, 8, 8), At(164 + 100));
        Assert.Equal(new Vec3b(22, 21, 20), At(328 + 10));
        Assert.Equal(new Vec3b(12, 11, 10), At(328 + 100));
    }
}

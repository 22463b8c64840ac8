using InMARS.Stages.Images;
using InMARS.Stages.Superpixels;
using InMARS.Tests.Stages.Images;

namespace InMARS.Tests.Stages.Superpixels;

/// <summary>Real photographs and their labels, where the shared data are at hand.</summary>
public class CamVidTests
{
    [Fact]
    public void A_photograph_is_decoded_resized_and_cut_along_its_classes()
    {
        var folder = Folder();
        Assert.SkipUnless(folder is not null, "no shared/data/camvid above the test binaries");
        var labels = Pictures.Read(
            "classes: { sky: [0], structure: [1, 2, 6, 7], ground: [3, 4], plant: [5], traffic: [8, 9, 10] }\nstrict: true\nrequired: true", LabelOptions.Read);
        var sample = Pictures.Sample(
            File.ReadAllBytes(Path.Combine(folder, "images", "0001TP_006690.jpg")), File.ReadAllBytes(Path.Combine(folder, "labels", "0001TP_006690.png")));

        var map = (
            from image in new Decoding(DecodingOptions.Default with { Labels = labels }).Decode(sample)
            from small in Resizing.Resize(image, new ResizingOptions(240, 180, null))
            from cut in Slic.Cut(small, new SlicOptions(RegionSize: 8))
            select cut).Value();

        var known = map.Image.Truth!.Ids.Index().Where(pixel => pixel.Item != LabelMap.Ignore).ToList();
        var pure = known.GroupBy(pixel => map.Labels[pixel.Index]).Sum(region => region.CountBy(pixel => pixel.Item).Max(c => c.Value));
        Assert.InRange(map.Count, 300, 1000);
        Assert.Equal(new ushort[] { 0, 1, 2, 3, 4 }, known.Select(pixel => pixel.Item).Distinct().Order());
        Assert.InRange((double)pure / known.Count, 0.9, 1);
    }

    private static string? Folder()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var folder = Path.Combine(at.FullName, "shared", "data", "camvid");
            if (Directory.Exists(folder))
            {
                return folder;
            }
        }

        return null;
    }
}

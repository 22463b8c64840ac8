using OpenCvSharp;
using OpenCvSharp.XImgProc;

namespace InMARS.Cli.Diagnosis;

/// <summary>OpenCV: its system libraries, its binding, and one superpixel call.</summary>
internal static class OpenCvChecks
{
    private const string Install = "sudo apt-get install -y --no-install-recommends libgtk-3-0 libatomic1 libdrm2";

    public static IEnumerable<Finding> All()
    {
        yield return NativeFile.OfSystem("libgtk-3.so.0", "libgtk-3-0");
        yield return NativeFile.OfSystem("libatomic.so.1", "libatomic1");
        yield return NativeFile.OfSystem("libdrm.so.2", "libdrm2");
        var library = NativeFile.Load("OpenCV", NativeFile.Beside("libOpenCvSharpExtern.so"), reason => (reason, Install));
        yield return library;
        if (library.State == State.Ok)
        {
            yield return Slic();
        }
    }

    private static Finding Slic()
    {
        const string Subject = "OpenCV superpixels";
        try
        {
            using var image = new Mat(32, 32, MatType.CV_8UC3, Scalar.Black);
            image[new Rect(16, 0, 16, 32)].SetTo(Scalar.White);
            using var slic = SuperpixelSLIC.Create(image, SLICType.SLIC, 8, 10f);
            slic.Iterate(10);
            var count = slic.GetNumberOfSuperpixels();
            return count > 1
                ? Finding.Ok(Subject, $"SLIC cut 32 x 32 pixels into {count}")
                : Finding.Missing(Subject, $"SLIC cut 32 x 32 pixels into {count}, expected more than 1", NativeFile.Rebuild);
        }
        catch (Exception e) when (e is OpenCvSharpException or OpenCVException or TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            return Finding.Missing(Subject, e.GetBaseException().Message, Install);
        }
    }
}

using InMARS.Tests.Stages.Images;
using InMARS.Tests.Support;

namespace InMARS.Tests.Cli;

public sealed class SuperpixelQualityCommandTests : IDisposable
{
    private const string Head = "| superpixels | count, mean | boundary recall | undersegmentation error | achievable accuracy | compactness |\n";
    private static readonly ushort[] _halves = [.. Enumerable.Range(0, 48).Select(i => (ushort)(i % 8 / 4))];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Superpixels_are_measured_by_every_segmentation_of_their_name()
    {
        Write("cut/a.png", 6, 8, _halves);
        Write("cut/alone.png", 6, 8, _halves);
        Write("labels/a_1.png", 6, 8, _halves);
        Write("labels/a_2.png", 6, 8, [.. Enumerable.Range(0, 48).Select(i => (ushort)(i < 24 ? 0 : 1))]);

        var run = await Evaluate("none");

        Assert.True(run.Code == 0, run.Told);
        Assert.StartsWith(Head, run.Out, StringComparison.Ordinal);
        Assert.Contains("| 1 image | 2.0 | 0.6250 | 0.5000 | 0.7500 |", run.Out, StringComparison.Ordinal);
        Assert.Contains("1 without a label map left out", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pixels_of_the_ignored_id_are_not_measured()
    {
        Write("cut/a.png", 6, 8, new ushort[48]);
        Write("labels/a.png", 6, 8, _halves);

        Assert.Contains("| 1.0000 |", (await Evaluate("1")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_told()
    {
        Write("cut/a.png", 6, 8, _halves);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "labels"));
        Assert.Contains("has a label map in", (await Evaluate("none")).Error, StringComparison.Ordinal);

        Write("labels/a.png", 8, 6, _halves);
        Assert.Contains("is 6 x 8 pixels; expected 8 x 6, as the superpixels are", (await Evaluate("none")).Error, StringComparison.Ordinal);
        Assert.Contains("--ignore: expected an id up to 65535 or 'none', found 'x'", (await Evaluate("x")).Error, StringComparison.Ordinal);
    }

    private Task<CliRun> Evaluate(string ignore) => CliRun.OfAsync(
        ["evaluate", "--superpixels", Path.Combine(_folder.Path, "cut"), "--labels", Path.Combine(_folder.Path, "labels"), "--ignore", ignore]);

    private void Write(string name, int height, int width, ushort[] ids)
    {
        var path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Pictures.Encode(".png", height, width, ids));
    }
}

using InMARS.Cli.Commands;
using InMARS.Cli.Diagnosis;

namespace InMARS.Tests.Cli;

public sealed class DoctorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inmars-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Finds_all_that_a_run_needs_on_a_machine_that_was_set_up()
    {
        var output = new StringWriter();

        var code = DoctorCommand.Run(output);

        Assert.True(code == 0, output.ToString());
        Assert.Contains("torch gradient", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("SLIC cut", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("Everything that a run needs is there.\n", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_what_is_missing_and_what_mends_it_and_returns_1()
    {
        var output = new StringWriter();

        var code = DoctorCommand.Run(output, [() => [Finding.Ok("a", "found"), Finding.Missing("b", "not found", "install b"), Finding.Note("c", "none")]]);

        Assert.Equal(1, code);
        Assert.Equal(
            """
            ok       a                      found
            missing  b                      not found; mend it by: install b
            note     c                      none
            Missing or not working: 1; see what mends it above.

            """,
            output.ToString());
    }

    [Fact]
    public void A_library_that_the_system_lacks_is_named_with_its_package()
    {
        var finding = NativeFile.OfSystem("libinmars-none.so.7", "libinmars7");

        Assert.Equal(State.Missing, finding.State);
        Assert.Equal("sudo apt-get install -y --no-install-recommends libinmars7", finding.Remedy);
    }

    [Fact]
    public void A_library_that_was_not_built_is_mended_by_building()
    {
        var finding = NativeFile.Load("torch", Path.Combine(_folder, "libnone.so"), reason => (reason, "other"));

        Assert.Equal(Finding.Missing("torch", "libnone.so is not beside the program", "make clean build"), finding);
    }

    [Fact]
    public void A_library_that_does_not_load_is_told_in_the_words_of_the_loader()
    {
        var path = Path.Combine(_folder, "libtext.so");
        File.WriteAllText(path, "This is a text, long enough to be read as the header of a library by the loader.");

        var finding = NativeFile.Load("torch", path, reason => (reason, "build again"));

        Assert.Equal(Finding.Missing("torch", $"{path}: invalid ELF header", "build again"), finding);
    }

    [Fact]
    public void An_old_libstdcxx_is_told_apart_from_a_missing_file()
    {
        const string Reason = "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by libLibTorchSharp.so)";

        var (text, remedy) = TorchChecks.Explain(Reason);

        Assert.StartsWith("libstdc++ of this system is older than", text, StringComparison.Ordinal);
        Assert.Contains(Reason, text, StringComparison.Ordinal);
        Assert.Equal("make clean build", remedy);
    }

    [Fact]
    public void Free_disk_is_that_of_the_nearest_folder_that_exists()
    {
        var finding = HostChecks.Disk(Path.Combine(_folder, "not", "yet", "there"));

        Assert.Matches(@"^[\d.]+ GiB free$", finding.Text);
    }
}

using System.Runtime.InteropServices;

namespace InMARS.Cli.Diagnosis;

/// <summary>Native libraries, tried without the binding that uses them, so that the loader's own words are seen.</summary>
internal static class NativeFile
{
    /// <summary>What mends a library of this program's own folder.</summary>
    public const string Rebuild = "make clean build";

    /// <summary>Path of a library that was built into the folder of this program.</summary>
    public static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);

    /// <summary>A library of the system, by soname.</summary>
    /// <param name="package">Name of the Debian package that has it.</param>
    public static Finding OfSystem(string soname, string package) =>
        NativeLibrary.TryLoad(soname, out _)
            ? Finding.Ok(soname, "found")
            : Finding.Missing(soname, "not found", $"sudo apt-get install -y --no-install-recommends {package}");

    /// <summary>Loads a library by path.</summary>
    /// <param name="explain">Turns the loader's message into what it means and what mends it.</param>
    public static Finding Load(string subject, string path, Func<string, (string Text, string Remedy)> explain)
    {
        if (!File.Exists(path))
        {
            return Finding.Missing(subject, $"{Path.GetFileName(path)} is not beside the program", Rebuild);
        }

        try
        {
            NativeLibrary.Load(path);
            return Finding.Ok(subject, $"loads: {Path.GetFileName(path)}");
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            var (text, remedy) = explain(Reason(e.Message, path));
            return Finding.Missing(subject, text, remedy);
        }
    }

    // .NET lists every path it tried; the loader's sentence is on the line that names the file.
    private static string Reason(string message, string path)
    {
        var lines = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var file = Path.GetFileName(path);
        return lines.FirstOrDefault(l => l.Contains(": ", StringComparison.Ordinal) && !l.StartsWith("Unable", StringComparison.Ordinal))
            ?? $"{file} cannot be loaded";
    }
}

using System.Globalization;
using System.Runtime.InteropServices;

namespace InMARS.Cli.Benchmarks.Running;

/// <summary>What figures depend on besides the program.</summary>
/// <param name="Cores">That this process may use.</param>
internal sealed record Machine(int Cores, string Processor, string System, string DotNet, string LibTorch, string OpenCv)
{
    public static Machine Read() => new(
        Environment.ProcessorCount,
        Value("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Value("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription,
        Environment.Version.ToString(),
        TorchSharp.torch.__version__,
        OpenCvSharp.Cv2.GetVersionString() ?? "");

    /// <summary>Processes that want a core, on average over the last minute.</summary>
    public static double Load() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    public override string ToString() => $"{Processor}, {Cores} cores, {System}, .NET {DotNet}, libtorch {LibTorch}, OpenCV {OpenCv}";

    private static string? Value(string file, string key, char sign) => File.Exists(file)
        ? File.ReadLines(file).Select(line => line.Split(sign, 2)).FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim() == key)?[1].Trim()
        : null;
}

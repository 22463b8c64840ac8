using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using InMARS.Cli.Diagnosis;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Learning;
using TorchSharp;

namespace InMARS.Cli.Execution;

/// <summary>Makes the machine ready for a run, and tells what it is: versions, device, threads.</summary>
internal static class RunFacts
{
    /// <summary>Version of this program, with the commit it was built from where that is known.</summary>
    public static string Version { get; } =
        typeof(RunFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Loads the native libraries, sets the threads of torch for the process, and finds the device.</summary>
    /// <exception cref="RunException">A library does not load, or there is no such device; the message says what to do.</exception>
    public static JsonObject Settle(RunSettings settings)
    {
        Require(NativeFile.Load("libtorch", NativeFile.Beside("libLibTorchSharp.so"), TorchChecks.Explain));
        Require(NativeFile.Load("OpenCV", NativeFile.Beside("libOpenCvSharpExtern.so"), reason => (reason, "")));
        TorchRuntime.SetThreads(settings.Threads);
        return new JsonObject
        {
            ["inmars"] = Version,
            ["libtorch"] = torch.__version__,
            ["torchsharp"] = typeof(torch).Assembly.GetName().Version?.ToString(),
            ["opencv"] = OpenCvSharp.Cv2.GetVersionString(),
            ["device"] = TorchRuntime.Device(settings.Device).ToString(),
            ["threads"] = TorchRuntime.ThreadCount(settings.Threads),
            ["os"] = RuntimeInformation.OSDescription,
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        };
    }

    private static void Require(Finding finding)
    {
        if (finding.State == State.Missing)
        {
            throw new RunException($"{finding.Subject} does not load: {finding.Text}; `inmars doctor` says what is missing and what mends it");
        }
    }
}

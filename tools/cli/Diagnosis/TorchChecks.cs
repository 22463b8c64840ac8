using System.Runtime.InteropServices;
using TorchSharp;

namespace InMARS.Cli.Diagnosis;

/// <summary>libtorch: its library, one kernel, one gradient, and whether there is a GPU.</summary>
internal static class TorchChecks
{
    /// <remarks>
    /// The library is tried before any torch call: where it does not load, TorchSharp blames a missing package and
    /// copies all of libtorch beside the program in search of it.
    /// </remarks>
    public static IEnumerable<Finding> All()
    {
        var library = NativeFile.Load("libtorch", NativeFile.Beside("libLibTorchSharp.so"), Explain);
        yield return library;
        if (library.State == State.Ok)
        {
            yield return Try("torch kernel", Multiply);
            yield return Try("torch gradient", Differentiate);
            yield return Try("CUDA", FindCuda);
        }
    }

    internal static (string Text, string Remedy) Explain(string reason) => reason.Contains("GLIBCXX_", StringComparison.Ordinal)
        ? ($"libstdc++ of this system is older than the one libLibTorchSharp.so was built with, and this copy lacks the change that makes it load all the same ({reason})", NativeFile.Rebuild)
        : (reason, NativeFile.Rebuild);

    private static Finding Multiply()
    {
        using var scope = torch.NewDisposeScope();
        var product = torch.tensor(new float[,] { { 1, 2 }, { 3, 4 } }).matmul(torch.eye(2));
        var sum = product.sum().item<float>();
        return sum == 10f
            ? Finding.Ok("torch kernel", $"2 x 2 matrix product; libtorch {torch.__version__}, {torch.get_num_threads()} threads")
            : Finding.Missing("torch kernel", $"2 x 2 matrix product sums to {sum}, expected 10", NativeFile.Rebuild);
    }

    private static Finding Differentiate()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.tensor(3f, requires_grad: true);
        (x * x).backward();
        var slope = x.grad?.item<float>();
        return slope == 6f
            ? Finding.Ok("torch gradient", "d(x*x)/dx at 3 is 6")
            : Finding.Missing("torch gradient", $"d(x*x)/dx at 3 is {slope}, expected 6", NativeFile.Rebuild);
    }

    private static Finding FindCuda() => torch.cuda.is_available()
        ? Finding.Note("CUDA", $"{torch.cuda.device_count()} device(s)")
        : Finding.Note("CUDA", "none; runs use the CPU");

    private static Finding Try(string subject, Func<Finding> check)
    {
        try
        {
            return check();
        }
        catch (Exception e) when (e is TypeInitializationException or NotSupportedException or DllNotFoundException or ExternalException or InvalidOperationException)
        {
            var (text, remedy) = Explain(e.GetBaseException().Message.Split('\n')[0]);
            return Finding.Missing(subject, text, remedy);
        }
    }
}

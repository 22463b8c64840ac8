using System.Runtime.InteropServices;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Learning;
using TorchSharp;

namespace InMARS.Tests.Stages.Learning;

public partial class TorchRuntimeTests
{
    [Fact]
    public void Idle_threads_sleep_unless_the_user_says_otherwise()
    {
        _ = TorchRuntime.ThreadCount(1);

        var policy = Marshal.PtrToStringUTF8(GetEnvironment("OMP_WAIT_POLICY"));

        Assert.Equal(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? "PASSIVE", policy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public void All_cores_are_the_most_torch_gets(int threads)
    {
        Assert.Equal(Environment.ProcessorCount, TorchRuntime.ThreadCount(threads));
    }

    [Fact]
    public void One_thread_is_one_thread()
    {
        Assert.Equal(1, TorchRuntime.ThreadCount(1));
    }

    [Fact]
    public void Cuda_where_there_is_none_is_told_in_one_sentence()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "this machine has CUDA");

        var error = Assert.Throws<RunException>(() => TorchRuntime.Device("cuda"));

        Assert.Equal(
            "run.device is 'cuda', but torch finds no CUDA device: this build has libtorch for the CPU, or the driver does not work. Use 'auto' or 'cpu'.",
            error.Message);
    }

    [Fact]
    public void Auto_takes_the_cpu_where_there_is_no_cuda()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "this machine has CUDA");

        Assert.Equal(DeviceType.CPU, TorchRuntime.Device("auto").type);
    }

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GetEnvironment(string name);
}

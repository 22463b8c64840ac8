using InMARS.Pipeline.Graphs;

namespace InMARS.Tests.Pipeline.Graphs;

public sealed class MemoryLimitTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("inmars-memory-").FullName;

    public MemoryLimitTests() => Write("proc/meminfo", "MemTotal:        1000 kB\nMemFree:          10 kB\n");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Without_cgroups_the_machine_sets_the_limit() =>
        Assert.Equal(new MemoryLimit(1000 * 1024, "machine"), MemoryLimit.Read(_root));

    [Fact]
    public void A_limit_on_a_parent_group_binds()
    {
        Write("proc/self/cgroup", "0::/batch/job7\n");
        Write("sys/fs/cgroup/batch/job7/memory.max", "max\n");
        Write("sys/fs/cgroup/batch/memory.max", "4096\n");

        Assert.Equal(new MemoryLimit(4096, "cgroup v2"), MemoryLimit.Read(_root));
    }

    [Fact]
    public void The_older_hierarchy_is_read_where_memory_has_its_own()
    {
        Write("proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/slurm/job\n");
        Write("sys/fs/cgroup/memory/slurm/job/memory.limit_in_bytes", "8192\n");

        Assert.Equal(new MemoryLimit(8192, "cgroup v1"), MemoryLimit.Read(_root));
    }

    [Fact]
    public void A_limit_beyond_what_the_machine_has_is_no_limit()
    {
        Write("proc/self/cgroup", "4:memory:/\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        Assert.Equal("machine", MemoryLimit.Read(_root).Origin);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}

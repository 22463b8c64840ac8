using System.Buffers.Binary;
using System.Security.Cryptography;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;
using InMARS.Tests.Support;

namespace InMARS.Tests.Pipeline.Runs;

public sealed class InputFileTests : IDisposable
{
    private const int End = 64 << 10;
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(End)]
    [InlineData(End + 1)]
    [InlineData(2 * End)]
    public void A_small_file_is_hashed_whole(int size)
    {
        var bytes = Bytes(size);

        Assert.Equal(Hash(size, bytes), Seen(bytes).QuickHash);
    }

    [Fact]
    public void Of_a_large_file_the_two_ends_are_hashed()
    {
        var bytes = Bytes((2 * End) + 10);
        var (first, middle, last) = ((byte[])bytes.Clone(), (byte[])bytes.Clone(), (byte[])bytes.Clone());
        first[0]++;
        middle[End + 5]++;
        last[^1]++;

        Assert.Equal(Hash(bytes.Length, [.. bytes[..End], .. bytes[^End..]]), Seen(bytes).QuickHash);
        Assert.Equal(Seen(bytes).QuickHash, Seen(middle).QuickHash);
        Assert.NotEqual(Seen(bytes).QuickHash, Seen(first).QuickHash);
        Assert.NotEqual(Seen(bytes).QuickHash, Seen(last).QuickHash);
    }

    [Fact]
    public void Size_and_time_are_those_of_the_file()
    {
        var seen = Seen([1, 2, 3]);

        Assert.Equal((_folder["file"], 3, new DateTimeOffset(File.GetLastWriteTimeUtc(_folder["file"]))), (seen.Path, seen.Bytes, seen.Modified));
    }

    [Fact]
    public void One_of_the_same_size_and_time_counts_as_unchanged_and_no_other_does()
    {
        var seen = Seen([1, 2, 3]);

        Assert.True(seen.IsUnchanged);
        Assert.False((seen with { Bytes = 4 }).IsUnchanged);
        Assert.False((seen with { Modified = seen.Modified.AddTicks(1) }).IsUnchanged);
        Assert.False((seen with { Path = _folder["gone"] }).IsUnchanged);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told() =>
        Assert.StartsWith($"cannot read '{_folder["no"]}': ", Assert.Throws<RunException>(() => InputFile.Of(_folder["no"])).Message, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 31))];

    private static string Hash(long length, byte[] content)
    {
        var bytes = new byte[sizeof(long) + content.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        content.CopyTo(bytes, sizeof(long));
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    private InputFile Seen(byte[] bytes)
    {
        File.WriteAllBytes(_folder["file"], bytes);
        return InputFile.Of(_folder["file"]);
    }
}

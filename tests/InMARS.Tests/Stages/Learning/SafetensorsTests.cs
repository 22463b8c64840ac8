using System.Buffers.Binary;
using System.Text;
using InMARS.Pipeline.Outcomes;
using InMARS.Stages.Learning;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Learning;

public sealed class SafetensorsTests : IDisposable
{
    private const string Header =
        """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}""";

    private readonly FakeStageContext _context = new();

    private string File => _context.PathInRun("weights.safetensors");

    public void Dispose() => _context.Dispose();

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        Safetensors.Write(File, [new NamedArray("a", [2], [1f, -2f]), new NamedArray("b", [], [0.5f])]);

        var bytes = System.IO.File.ReadAllBytes(File);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(Header, Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F], bytes[(8 + length)..]);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var random = new Random(1);
        NamedArray[] arrays =
        [
            new("trunk.0.conv.weight", [2, 3, 1], [.. Enumerable.Range(0, 6).Select(_ => random.NextSingle())]),
            new("empty", [0, 4], []),
            new("scalar", [], [float.NegativeInfinity]),
        ];

        Safetensors.Write(File, arrays);

        var read = Safetensors.Read(File);
        Assert.Equal(arrays.Select(a => a.Name), read.Select(a => a.Name));
        Assert.Equal(arrays.Select(a => a.ShapeText), read.Select(a => a.ShapeText));
        Assert.Equal(arrays.SelectMany(a => a.Values), read.SelectMany(a => a.Values));
    }

    [Fact]
    public void Nothing_but_the_file_is_left_behind()
    {
        Safetensors.Write(File, [new NamedArray("a", [1], [1f])]);
        Safetensors.Write(File, [new NamedArray("a", [1], [2f])]);

        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
        Assert.Equal(2f, Safetensors.Read(File)[0].Values[0]);
    }

    [Theory]
    [InlineData("", "it has 0 bytes")]
    [InlineData("abc", "it has 3 bytes")]
    [InlineData("not a tensor file", "its header should have 7310503696657575790 bytes, but the file has 17")]
    public void A_file_of_something_else_is_refused(string content, string why)
    {
        System.IO.File.WriteAllText(File, content);

        Assert.Equal($"'{File}' is damaged: {why}", Assert.Throws<RunException>(() => Safetensors.Read(File)).Message);
    }

    [Theory]
    [InlineData("{\"a\":", "its header is not the JSON that safetensors prescribes")]
    [InlineData("[1, 2]", "its header is not the JSON that safetensors prescribes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\"}}", "its header is not the JSON that safetensors prescribes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,12]}}", "tensor 'a' of shape [2] lies at bytes 0 to 12 of 8")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "tensor 'a' of shape [3] lies at bytes 0 to 8 of 8")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[8,0]}}", "tensor 'a' of shape [-2] lies at bytes 8 to 0 of 8")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2305843009213693951],\"data_offsets\":[4,-9223372036854775808]}}",
        "tensor 'a' of shape [2305843009213693951] lies at bytes 4 to -9223372036854775808 of 8")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "its tensors have 4 bytes, but the file has 8 for them")]
    public void A_header_that_does_not_fit_is_refused(string header, string why)
    {
        Craft(header, new byte[8]);

        Assert.Equal($"'{File}' is damaged: {why}", Assert.Throws<RunException>(() => Safetensors.Read(File)).Message);
    }

    [Fact]
    public void Another_element_type_is_refused()
    {
        Craft("""{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}""", new byte[8]);

        Assert.Equal($"'{File}': tensor 'a' is of type BF16, expected F32", Assert.Throws<RunException>(() => Safetensors.Read(File)).Message);
    }

    [Fact]
    public void A_truncated_file_is_refused()
    {
        Safetensors.Write(File, [new NamedArray("a", [4], [1, 2, 3, 4])]);
        var bytes = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, bytes[..^4]);

        Assert.Equal(
            $"'{File}' is damaged: tensor 'a' of shape [4] lies at bytes 0 to 16 of 12",
            Assert.Throws<RunException>(() => Safetensors.Read(File)).Message);
    }

    private void Craft(string header, byte[] values)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        System.IO.File.WriteAllBytes(File, [.. length, .. text, .. values]);
    }
}

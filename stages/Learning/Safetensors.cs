using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Runs;

namespace InMARS.Stages.Learning;

/// <summary>
/// Files in the safetensors format: 8 bytes of little-endian length, a JSON header of that length, raw values. Python's
/// <c>safetensors</c> reads what is written here. Only float32.
/// </summary>
public static class Safetensors
{
    private const int Alignment = 8;
    private const long MostHeader = 100_000_000;
    private const string Metadata = "__metadata__";

    /// <summary>Writes a whole file or none.</summary>
    /// <exception cref="RunException">The disk is full or the folder is not writable.</exception>
    public static void Write(string path, IReadOnlyList<NamedArray> arrays) => AtomicFile.Write(path, file =>
    {
        file.Write(Header(arrays));
        foreach (var array in arrays)
        {
            file.Write(MemoryMarshal.AsBytes<float>(array.Values));
        }
    });

    /// <summary>Reads every tensor, in the order of the file.</summary>
    /// <exception cref="RunException">The file is not there, is damaged, or holds something else than float32.</exception>
    public static IReadOnlyList<NamedArray> Read(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return Parse(bytes, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"cannot read '{path}': {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Damaged(path, "its header is not the JSON that safetensors prescribes");
        }
    }

    private static byte[] Header(IReadOnlyList<NamedArray> arrays)
    {
        var json = new JsonObject { [Metadata] = new JsonObject { ["format"] = "pt" } };
        long at = 0;
        foreach (var array in arrays)
        {
            var end = at + (array.Values.LongLength * sizeof(float));
            json[array.Name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. array.Shape.Select(n => JsonValue.Create(n))]),
                ["data_offsets"] = new JsonArray(at, end),
            };
            at = end;
        }

        var text = JsonSerializer.SerializeToUtf8Bytes(json);
        var padded = (text.Length + Alignment - 1) / Alignment * Alignment;
        var header = new byte[sizeof(long) + padded];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, padded);
        text.CopyTo(header, sizeof(long));
        return header;
    }

    private static List<NamedArray> Parse(byte[] bytes, string path)
    {
        if (bytes.Length < sizeof(long))
        {
            throw Damaged(path, $"it has {bytes.Length} bytes");
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (length is < 2 or > MostHeader || length > bytes.Length - sizeof(long))
        {
            throw Damaged(path, $"its header should have {length} bytes, but the file has {bytes.Length}");
        }

        using var header = JsonDocument.Parse(bytes.AsMemory(sizeof(long), (int)length));
        var values = bytes.AsSpan(sizeof(long) + (int)length);
        List<NamedArray> arrays = [];
        long used = 0;
        foreach (var entry in header.RootElement.EnumerateObject().Where(e => e.Name != Metadata))
        {
            arrays.Add(Take(entry, values, path));
            used += arrays[^1].Values.LongLength * sizeof(float);
        }

        if (arrays.GroupBy(a => a.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw Damaged(path, $"tensor '{twice.Key}' stands in it twice");
        }

        return used == values.Length ? arrays : throw Damaged(path, $"its tensors have {used} bytes, but the file has {values.Length} for them");
    }

    private static NamedArray Take(JsonProperty entry, ReadOnlySpan<byte> values, string path)
    {
        var type = entry.Value.GetProperty("dtype").GetString();
        var shape = Numbers(entry.Value.GetProperty("shape"));
        var offsets = Numbers(entry.Value.GetProperty("data_offsets"));
        if (type != "F32")
        {
            throw new RunException($"'{path}': tensor '{entry.Name}' is of type {type}, expected F32");
        }

        var bytes = shape.Aggregate((Int128)sizeof(float), (product, n) => product * n);
        if (offsets.Length != 2 || shape.Any(n => n < 0) || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > values.Length || offsets[1] - offsets[0] != bytes)
        {
            throw Damaged(path, $"tensor '{entry.Name}' of shape [{string.Join(", ", shape)}] lies at bytes {string.Join(" to ", offsets)} of {values.Length}");
        }

        var place = values[(int)offsets[0]..(int)offsets[1]];
        return new NamedArray(entry.Name, shape, MemoryMarshal.Cast<byte, float>(place).ToArray());
    }

    private static long[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(n => n.GetInt64())];

    private static RunException Damaged(string path, string why) => new($"'{path}' is damaged: {why}");
}

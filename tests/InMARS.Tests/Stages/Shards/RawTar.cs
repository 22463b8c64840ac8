using System.Text;

namespace InMARS.Tests.Stages.Shards;

/// <summary>Tars put together block by block, for what no writer of tars would write.</summary>
internal static class RawTar
{
    public static readonly byte[] End = new byte[1024];

    /// <summary>A header with a right checksum, and behind it the body padded to whole blocks.</summary>
    /// <param name="size">The 12 bytes of the size field; the size of the body where null.</param>
    public static byte[] Entry(string name, char type, byte[] body, byte[]? size = null, Action<byte[]>? change = null)
    {
        var header = new byte[512];
        Encoding.UTF8.GetBytes(name).AsSpan(0, Math.Min(100, Encoding.UTF8.GetByteCount(name))).CopyTo(header);
        "0000644\0"u8.CopyTo(header.AsSpan(100));
        "0000000\0"u8.CopyTo(header.AsSpan(108));
        "0000000\0"u8.CopyTo(header.AsSpan(116));
        (size ?? Octal(body.Length)).CopyTo(header, 124);
        "00000000000\0"u8.CopyTo(header.AsSpan(136));
        header[156] = (byte)type;
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        change?.Invoke(header);
        Sum(header);
        return [.. header, .. body, .. new byte[(512 - (body.Length % 512)) % 512]];
    }

    public static byte[] File(string name) => Entry(name, '0', Tars.Body(name));

    /// <summary>A PAX record, whose length counts its own digits.</summary>
    public static string Pax(string key, string value)
    {
        var length = key.Length + value.Length + 3;
        length += length.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        var digits = length.ToString(System.Globalization.CultureInfo.InvariantCulture).Length + key.Length + value.Length + 3;
        return $"{digits} {key}={value}\n";
    }

    public static byte[] Pax(char type, params IEnumerable<string> records) => Entry("PaxHeaders/x", type, Encoding.UTF8.GetBytes(string.Concat(records)));

    public static byte[] Octal(long value) => Encoding.ASCII.GetBytes($"{Convert.ToString(value, 8).PadLeft(11, '0')}\0");

    /// <summary>A size in base 256, big-endian behind its mark.</summary>
    public static byte[] Base256(byte mark, long value)
    {
        var field = new byte[12];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(field.AsSpan(4), value);
        field[0] |= mark;
        return field;
    }

    private static void Sum(byte[] header)
    {
        header.AsSpan(148, 8).Fill((byte)' ');
        var sum = header.Sum(b => b);
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(header, 148);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using InMARS.Stages.Images.Formats;

namespace InMARS.Fuzz;

/// <summary>Sets checksums right after damage, so that it gets past them to the code behind.</summary>
internal static class Repair
{
    private const int Block = 512;

    /// <summary>The checksums of all chunks of a PNG, as far as its lengths lead.</summary>
    public static void Png(byte[] file)
    {
        for (long at = 8; file.AsSpan().StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']) && at + 12 <= file.Length;)
        {
            var end = at + 12 + BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (end > file.Length)
            {
                return;
            }

            var crc = PngFile.Crc(file.AsSpan((int)at + 4, (int)(end - at - 8)));
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)end - 4), crc);
            at = end;
        }
    }

    /// <summary>The SHA-256 behind everything else.</summary>
    public static void Hash(byte[] file)
    {
        var body = file.Length - SHA256.HashSizeInBytes;
        if (body >= 0)
        {
            SHA256.HashData(file.AsSpan(0, body), file.AsSpan(body));
        }
    }

    /// <summary>The checksums of all blocks of a tar that look like headers.</summary>
    public static void Tar(byte[] file)
    {
        for (var at = 0; at + Block <= file.Length; at += Block)
        {
            var header = file.AsSpan(at, Block);
            if (header.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                header.Slice(148, 8).Fill((byte)' ');
                var sum = 0;
                foreach (var value in header)
                {
                    sum += value;
                }

                Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(header[148..]);
            }
        }
    }
}

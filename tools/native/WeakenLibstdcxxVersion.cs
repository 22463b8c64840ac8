using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Marks the reference of an ELF library to GLIBCXX_3.4.32 as weak, so that an older libstdc++ will do.</summary>
public sealed class WeakenLibstdcxxVersion : Task
{
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const byte Weak = 2; // VER_FLG_WEAK

    /// <summary>The library as its package has it; only read, as it may be shared by many projects.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>Where the changed library is written.</summary>
    [Required]
    public string Copy { get; set; } = "";

    public override bool Execute()
    {
        var elf = File.ReadAllBytes(Library);
        if (Weaken(elf) == 0)
        {
            Log.LogMessage("{0} has no reference to GLIBCXX_3.4.32; copied as it is.", Library);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Copy)!);
        var temporary = Copy + ".part";
        File.WriteAllBytes(temporary, elf);
        File.Delete(Copy);
        File.Move(temporary, Copy);
        return true;
    }

    private static int Weaken(byte[] elf)
    {
        var sections = (long)BitConverter.ToUInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3A), count = BitConverter.ToUInt16(elf, 0x3C), changed = 0;
        for (var i = 0; i < count; i++)
        {
            var header = sections + (i * size);
            if (U4(elf, header + 4) == VersionNeeds)
            {
                var names = (long)BitConverter.ToUInt64(elf, (int)(sections + (U4(elf, header + 0x28) * size) + 0x18));
                changed += WeakenSection(elf, (long)BitConverter.ToUInt64(elf, (int)header + 0x18), names);
            }
        }

        return changed;
    }

    private static int WeakenSection(byte[] elf, long need, long names)
    {
        var changed = 0;
        while (true)
        {
            var entry = need + U4(elf, need + 8);
            for (var k = 0; k < BitConverter.ToUInt16(elf, (int)need + 2); k++)
            {
                if (Text(elf, names + U4(elf, need + 4)) == "libstdc++.so.6"
                    && Text(elf, names + U4(elf, entry + 8)) == "GLIBCXX_3.4.32"
                    && (elf[entry + 4] & Weak) == 0)
                {
                    elf[entry + 4] |= Weak;
                    changed++;
                }

                entry += U4(elf, entry + 12);
            }

            var next = U4(elf, need + 12);
            if (next == 0)
            {
                return changed;
            }

            need += next;
        }
    }

    private static uint U4(byte[] elf, long offset)
    {
        return BitConverter.ToUInt32(elf, (int)offset);
    }

    private static string Text(byte[] elf, long offset)
    {
        return Encoding.ASCII.GetString(elf, (int)offset, Array.IndexOf(elf, (byte)0, (int)offset) - (int)offset);
    }
}

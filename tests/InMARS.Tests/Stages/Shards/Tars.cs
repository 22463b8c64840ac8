using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Shards;
using InMARS.Tests.Support;

namespace InMARS.Tests.Stages.Shards;

/// <summary>Hand-made tars, and what sources make of them.</summary>
internal static class Tars
{
    public static byte[] Of(params IEnumerable<string> names) => Of(TarEntryFormat.Ustar, names.Select(n => (n, Body(n))));

    /// <summary>A body that tells its name, longer than one block.</summary>
    public static byte[] Body(string name) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(name + "|", 60)));

    public static byte[] Of(TarEntryFormat format, IEnumerable<(string Name, byte[] Bytes)> files) => Of(format, files.Select(f => File(format, f.Name, f.Bytes)));

    public static byte[] Of(TarEntryFormat format, IEnumerable<TarEntry> entries)
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, format, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return tar.Length > 0 ? tar.ToArray() : new byte[1024];
    }

    public static TarEntry File(TarEntryFormat format, string name, byte[] bytes)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
            TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
            TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
            _ => new UstarTarEntry(TarEntryType.RegularFile, name),
        };
        entry.DataStream = new MemoryStream(bytes);
        return entry;
    }

    public static byte[] Gzip(byte[] tar)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar);
        }

        return packed.ToArray();
    }

    public static byte[] Zstd(byte[] tar)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(tar).ToArray();
    }

    /// <summary>Writes a shard into the run directory of the context; returns its path.</summary>
    public static string Save(this FakeStageContext context, string name, byte[] bytes)
    {
        var path = context.PathInRun(name.Split('/'));
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Everything a source emits from a cursor on.</summary>
    public static async Task<List<Sourced<T>>> ReadAsync<T>(this Source<T> source, IStageContext context, int epoch = 0, long position = 0)
    {
        var items = new List<Sourced<T>>();
        await foreach (var item in source.Read(context, new Cursor(epoch, position), TestContext.Current.CancellationToken))
        {
            items.Add(item);
        }

        return items;
    }

    public static Task<List<Sourced<Sample>>> ReadShardAsync(this FakeStageContext context, params string[] paths) =>
        ShardSource.Of(new ShardReadOptions(paths)).ReadAsync(context);

    public static Fault Fault<T>(this Sourced<T> item) => Assert.IsType<Result<T>.Failed>(item.Value).Fault;

    public static T Value<T>(this Sourced<T> item) => Assert.IsType<Result<T>.Ok>(item.Value).Value;

    /// <summary>Key of a sample, or key and code of a fault.</summary>
    public static string Told<T>(this Sourced<T> item) => item.Value.Match(_ => item.Origin.Key, fault => $"{item.Origin.Key}!{fault.Code}");
}

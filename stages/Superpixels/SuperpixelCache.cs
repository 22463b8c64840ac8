using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Superpixels.Simd;

namespace InMARS.Stages.Superpixels;

/// <summary>Superpixels that were cut before, in files named after what they were cut from.</summary>
/// <remarks>
/// Safe for several threads and processes: entries are written under a temporary name and renamed. An entry that cannot
/// be read counts as absent. When an entry cannot be written, none is written any more and <see cref="Trouble"/> says why.
/// </remarks>
public sealed class SuperpixelCache
{
    private readonly string _folder;
    private readonly long _limit;
    private readonly TimeProvider _time;
    private readonly Lock _eviction = new();
    private long _bytes;
    private long _writes;

    /// <param name="folder">Made when it is absent; may be shared with other runs.</param>
    /// <param name="limit">Bytes that all entries may have together; the longest unused are removed beyond it.</param>
    /// <exception cref="RunException">The folder cannot be made or read.</exception>
    public SuperpixelCache(string folder, long limit, TimeProvider time)
    {
        (_folder, _limit, _time) = (folder, limit, time);
        try
        {
            Directory.CreateDirectory(folder);
            _bytes = Files().Sum(file => file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"The superpixel cache '{folder}' cannot be opened: {e.Message} Name another folder in run.cache, or set cache: false.", e);
        }
    }

    /// <summary>Bytes of all entries, as far as this process knows.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The name of an entry: SHA-256 of pixels, size, options, and the versions of both cutters and of the format.</summary>
    internal static string Key(RgbImage image, SlicOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{LabelCode.Version} {OpenCv.Version} {SimdSlic.Version} {options with { Engine = options.Cutter }} {image.Height} {image.Width} {image.Bands} "));
        hash.AppendData(image.Pixels);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Finds what was cut from the same pixels with the same options.</summary>
    /// <returns>Null where there is no such entry or it is damaged.</returns>
    internal SuperpixelMap? Find(string key, RgbImage image, ItemContext item = default)
    {
        try
        {
            var path = PathOf(key);
            if (!File.Exists(path) || Read(path, image, item) is not { } entry)
            {
                return null;
            }

            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
            return new SuperpixelMap(image, entry.Labels, entry.Count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static (int[] Labels, int Count)? Read(string path, RgbImage image, ItemContext item)
    {
        using var file = File.OpenHandle(path);
        var length = (int)Math.Min(RandomAccess.GetLength(file), Array.MaxLength);
        var bytes = item.Rent<byte>((int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(length, 4096, 1 << 30)));
        var read = RandomAccess.Read(file, bytes, 0);
        var entry = read == length ? LabelCode.Read(bytes, length, image.Height, image.Width, item) : null;
        item.Arrays?.Release(bytes);
        return entry;
    }

    /// <summary>Keeps superpixels under a key, in place of what may stand there.</summary>
    internal void Keep(string key, SuperpixelMap map, ItemContext item = default)
    {
        if (Trouble is not null)
        {
            return;
        }

        try
        {
            Write(PathOf(key), map, item);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Trouble = e.Message;
        }
    }

    private void Write(string path, SuperpixelMap map, ItemContext item)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}.{Interlocked.Increment(ref _writes)}.tmp";
        long bytes;
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
            {
                LabelCode.Write(file, map, item);
                bytes = file.Length;
            }

            File.SetLastWriteTimeUtc(temporary, _time.GetUtcNow().UtcDateTime);
            File.Move(temporary, path, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(temporary);
            throw;
        }

        if (Interlocked.Add(ref _bytes, bytes) > _limit)
        {
            Evict();
        }
    }

    /// <summary>Removes what was not used for longest until a tenth of the limit is free.</summary>
    private void Evict()
    {
        lock (_eviction)
        {
            var files = Files().OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal).ToList();
            var bytes = files.Sum(file => file.Length);
            foreach (var file in files.TakeWhile(_ => bytes > _limit - (_limit / 10)))
            {
                bytes -= file.Length;
                file.Delete();
            }

            Interlocked.Exchange(ref _bytes, bytes);
        }
    }

    private IEnumerable<FileInfo> Files() =>
        new DirectoryInfo(_folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true });

    private string PathOf(string key) => Path.Combine(_folder, key[..2], $"{key}.labels");
}

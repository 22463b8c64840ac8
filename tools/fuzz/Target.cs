namespace InMARS.Fuzz;

/// <summary>Something that reads what others wrote.</summary>
/// <param name="Share">Inputs that it gets of every hundred.</param>
/// <param name="Corpus">Whole files.</param>
/// <param name="Words">Pieces that mean something to the reader.</param>
/// <param name="Finish">What is done to damaged bytes before they are read, such as setting checksums right; may give other bytes.</param>
/// <param name="Refuses">Reads them; the file is at hand for readers of files. Says whether they were refused; throws where there is a bug.</param>
internal sealed record Target(
    string Name,
    int Share,
    IReadOnlyList<byte[]> Corpus,
    IReadOnlyList<byte[]> Words,
    Func<byte[], Random, byte[]> Finish,
    Func<byte[], ScratchFile, bool> Refuses)
{
    /// <summary>The input of a seed and a number, always the same.</summary>
    public byte[] Input(long seed, long number)
    {
        var random = new Random((int)(uint)Pipeline.Graphs.Seeds.Of(seed, Name, 0, number));
        var bytes = new Mutator(random, Corpus, Words).Next();
        return random.Next(4) == 0 ? bytes : Finish(bytes, random);
    }
}

/// <summary>A file that readers of files are given, overwritten by each input.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("inmars-fuzz-").FullName;

    /// <summary>Writes bytes under a name; returns the path.</summary>
    public string With(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

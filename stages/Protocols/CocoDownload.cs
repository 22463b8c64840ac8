using InMARS.Stages.Images;

namespace InMARS.Stages.Protocols;

/// <summary>The download of COCO 2017 with the stuff and thing maps.</summary>
internal static class CocoDownload
{
    private static readonly string[] Sets = ["train2017", "val2017"];

    public static Protocol Protocol(CocoStuffTask task, Quirks allowed, int leastSide = CocoStuff.LeastSide) =>
        new(task.Name, Sets, task.Classes, allowed, TakesLists: true, request => Open(request, task, leastSide));

    private static PreparationPlan Open(PreparationRequest request, CocoStuffTask task, int leastSide)
    {
        var absences = new Absences(request.Source, task.Name);
        var listed = request.Lists.Count == 0 ? null : ImageList.Read(request.Lists, Sets, $"{task.List}.txt", absences);
        string[] wanted = listed is null || listed.Any(i => i.Set is null) ? Sets : [.. Sets.Where(set => listed.Any(i => i.Set == set))];
        var splits = wanted.Select(set => Split.Find(request.Source, set, absences)).OfType<Split>().ToList();
        // Without all folders, every image of theirs would be told as missing too.
        var names = splits.Count < wanted.Length ? [] : Names(listed, splits, absences);
        absences.Refuse();
        return new PreparationPlan(
            from n in names
            let image = Read(n.Split, n.Name, request.Quirks, (task, listed is null ? leastSide : 0))
            where image is not null
            select PreparedImage.Of(n.Split.Set, n.Name, image),
            listed is null
                ? $"images with both sides of {leastSide} pixels or more and at least {100 * CocoStuff.LeastShare:0} % of wanted pixels"
                : $"{listed.Count} images of the given lists");
    }

    /// <summary>The images to look at, set by set; notes those that are missing.</summary>
    private static List<(Split Split, string Name)> Names(IReadOnlyList<ListedImage>? listed, IReadOnlyList<Split> splits, Absences absences)
    {
        if (listed is null)
        {
            var all = splits.SelectMany(split => split.Labels.Order(StringComparer.Ordinal).Select(name => (split, name))).ToList();
            all.ForEach(n => n.split.Check(n.name, absences));
            return all;
        }

        var found = listed.Select(i => (At: splits.FirstOrDefault(s => (i.Set ?? s.Set) == s.Set && (s.Images.Contains(i.Name) || s.Labels.Contains(i.Name))), Image: i)).ToList();
        foreach (var (at, image) in found)
        {
            if (at is null)
            {
                absences.Add($"'{image.Set ?? string.Join("' or '", Sets)}' image {image.Name} of {image.File}:{image.Line}");
            }

            at?.Check(image.Name, absences);
        }

        return [.. splits.SelectMany(split => found.Where(f => f.At == split).Select(f => (split, f.Image.Name)))];
    }

    /// <summary>An image with its classes, made smaller; null where it is not wanted.</summary>
    private static RgbImage? Read(Split split, string name, Quirks quirks, (CocoStuffTask Task, int LeastSide) rules)
    {
        var file = split.LabelFile(name);
        var stored = DownloadFiles.Map(file);
        var classes = CocoStuff.Classes(stored, rules.Task, quirks).OrRefuse(file);
        if (rules.LeastSide > 0 && !CocoStuff.IsWanted(stored, rules.Task, rules.LeastSide))
        {
            return null;
        }

        var image = DownloadFiles.Image(split.ImageFile(name), 3);
        DownloadFiles.SameSize(file, (stored.Height, stored.Width), (image.Height, image.Width));
        return Shrinking.Shrink(image with { Truth = classes }, CocoStuff.Scale);
    }

    /// <summary>One set of the download.</summary>
    private sealed record Split(string Set, string Source, string ImageFolder, string LabelFolder)
    {
        public HashSet<string> Images { get; } = Bases(Path.Combine(Source, ImageFolder), "*.jpg");

        public HashSet<string> Labels { get; } = Bases(Path.Combine(Source, LabelFolder), "*.png");

        public string ImageFile(string name) => Path.Combine(Source, ImageFolder, $"{name}.jpg");

        public string LabelFile(string name) => Path.Combine(Source, LabelFolder, $"{name}.png");

        public static Split? Find(string source, string set, Absences absences)
        {
            var images = absences.Folder(set, $"images/{set}");
            var labels = absences.Folder($"stuffthingmaps_trainval2017/{set}", $"annotations/{set}");
            return images is null || labels is null ? null : new Split(set, source, images, labels);
        }

        public void Check(string name, Absences absences)
        {
            if (!Images.Contains(name))
            {
                absences.Add($"'{ImageFolder}/{name}.jpg'");
            }

            if (!Labels.Contains(name))
            {
                absences.Add($"'{LabelFolder}/{name}.png'");
            }
        }

        private static HashSet<string> Bases(string folder, string pattern) =>
            [.. Directory.EnumerateFiles(folder, pattern).Select(f => Path.GetFileNameWithoutExtension(f))];
    }
}

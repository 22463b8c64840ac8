using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Images;
using InMARS.Stages.Shards;
using OpenCvSharp;

namespace InMARS.Stages.Evaluation;

/// <summary>Turns two encoded label maps into a prediction with its truth, whoever wrote them.</summary>
public static class PairDecoding
{
    /// <summary>The kernel of the stage.</summary>
    /// <remarks>
    /// The cluster count of the result is its greatest cluster plus one. Faults: <c>pairs.decode</c> for what is no label map
    /// of 8 or 16 bits, <c>pairs.unknown_class</c> for an id in no class where
    /// classes are strict.
    /// </remarks>
    public static Kernel<PairedMaps, Prediction> Kernel(PairOptions options)
    {
        var classOf = ClassOfId(options);
        return (pair, _) =>
            from prediction in Read("prediction", pair.Prediction)
            from truth in Read("truth", pair.Truth)
            from classes in Renamed(truth, classOf)
            select Joined(pair.Origin, prediction, classes, options.Resize);
    }

    private static Prediction Joined(Origin origin, LabelMap prediction, LabelMap truth, PairResize resize)
    {
        var clusters = resize == PairResize.PredictionToTruth ? Resized(prediction, truth.Height, truth.Width) : prediction;
        return new Prediction(origin, clusters.Height, clusters.Width, 1 + clusters.Ids.Max(), clusters.Ids, Truth: truth);
    }

    private static Result<LabelMap> Read(string role, byte[] encoded)
    {
        if (encoded.Length == 0)
        {
            return new Fault("pairs.decode", $"the {role} is an empty file");
        }

        return Result.Try<Mat, OpenCVException>("pairs.decode", () => Cv2.ImDecode(encoded, ImreadModes.Unchanged)).Bind(mat => Ids(role, mat));
    }

    private static Result<LabelMap> Ids(string role, Mat decoded)
    {
        using var map = decoded;
        if (map.Empty())
        {
            return new Fault("pairs.decode", $"the {role} cannot be decoded; expected a PNG or another image file");
        }

        if (map.Type() == MatType.CV_8UC1 && map.GetArray(out byte[] bytes))
        {
            return new LabelMap(map.Rows, map.Cols, Array.ConvertAll(bytes, b => (ushort)b));
        }

        return map.Type() == MatType.CV_16UC1 && map.GetArray(out ushort[] ids)
            ? new LabelMap(map.Rows, map.Cols, ids)
            : new Fault("pairs.decode", $"the {role} is no label map: expected one band of 8 or 16 bits, found {map.Channels()} of {8 * map.ElemSize1()} bits");
    }

    private static Result<LabelMap> Renamed(LabelMap truth, int[] classOf)
    {
        var ids = new ushort[truth.Ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            var label = classOf[truth.Ids[i]];
            if (label < 0)
            {
                return new Fault("pairs.unknown_class", $"the truth has id {truth.Ids[i]}, which neither `classes` nor `ignore` covers");
            }

            ids[i] = (ushort)label;
        }

        return truth with { Ids = ids };
    }

    /// <summary>Class of every id that a file can hold; -1 where there is none and there should be.</summary>
    private static int[] ClassOfId(PairOptions options)
    {
        var classOf = new int[1 << 16];
        for (var id = 0; id < classOf.Length; id++)
        {
            classOf[id] = options.Classes is null ? id : options.Strict ? -1 : LabelMap.Ignore;
        }

        var classes = options.Classes ?? [];
        for (var k = 0; k < classes.Count; k++)
        {
            foreach (var id in classes[k].Value)
            {
                classOf[id] = k;
            }
        }

        if (options.Ignore is { } ignore)
        {
            classOf[ignore] = LabelMap.Ignore;
        }

        return classOf;
    }

    private static LabelMap Resized(LabelMap map, int height, int width)
    {
        if ((map.Height, map.Width) == (height, width))
        {
            return map;
        }

        var ids = new ushort[height * width];
        for (var y = 0; y < height; y++)
        {
            var row = (int)((y + 0.5) * map.Height / height) * map.Width;
            for (var x = 0; x < width; x++)
            {
                ids[y * width + x] = map.Ids[row + (int)((x + 0.5) * map.Width / width)];
            }
        }

        return new LabelMap(height, width, ids);
    }
}

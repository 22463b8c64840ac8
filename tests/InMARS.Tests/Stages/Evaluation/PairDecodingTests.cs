using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Evaluation;
using InMARS.Stages.Images;
using InMARS.Stages.Reports;
using InMARS.Stages.Shards;

namespace InMARS.Tests.Stages.Evaluation;

public class PairDecodingTests
{
    [Fact]
    public void Kernel_reads_maps_of_eight_and_sixteen_bits()
    {
        var prediction = Decode(new(), Png.Grey16(1, 3, [0, 300, 1]), Png.Grey8(1, 3, [0, 1, 255])).Value;

        Assert.Equal([0, 300, 1], prediction.Clusters);
        Assert.Equal(301, prediction.ClusterCount);
        Assert.Equal([0, 1, LabelMap.Ignore], prediction.Truth!.Ids);
        Assert.Equal(new Origin("s", "k"), prediction.Origin);
    }

    [Fact]
    public void Kernel_gathers_ids_into_classes()
    {
        var options = new PairOptions(Ignore: 0, Classes: [KeyValuePair.Create<string, IReadOnlyList<int>>("a", [7, 9]), KeyValuePair.Create<string, IReadOnlyList<int>>("b", [8])]);

        var truth = Decode(options, Png.Grey8(1, 4, [0, 0, 0, 0]), Png.Grey8(1, 4, [7, 8, 9, 0])).Value.Truth!;

        Assert.Equal([0, 1, 0, LabelMap.Ignore], truth.Ids);
    }

    [Fact]
    public void Kernel_brings_the_prediction_to_the_size_of_the_truth_when_asked()
    {
        var (small, large) = (Png.Grey8(1, 2, [3, 5]), Png.Grey8(2, 4, new byte[8]));

        Assert.Equal([3, 3, 5, 5, 3, 3, 5, 5], Decode(new(Resize: PairResize.PredictionToTruth), small, large).Value.Clusters);
        Assert.Equal([3, 5], Decode(new(), small, large).Value.Clusters);
    }

    [Fact]
    public void Kernel_brings_the_truth_to_the_size_of_the_prediction_when_asked_and_says_so()
    {
        var (small, large) = (Png.Grey8(1, 2, [3, 5]), Png.Grey8(2, 4, [0, 0, 0, 0, 0, 1, 0, 2]));

        var pair = Decode(new(Resize: PairResize.TruthToPrediction), small, large).Value;

        Assert.Equal([1, 2], pair.Truth!.Ids);
        Assert.Equal([3, 5], pair.Clusters);
        Assert.Equal("truth resized to the predictions by nearest neighbour", pair.ResizeRule);
    }

    [Fact]
    public void Kernel_ignores_an_id_that_is_in_no_class()
    {
        var options = new PairOptions(Classes: [KeyValuePair.Create<string, IReadOnlyList<int>>("a", [7])]);

        Assert.Equal([LabelMap.Ignore], Decode(options, Png.Grey8(1, 1, [0]), Png.Grey8(1, 1, [8])).Value.Truth!.Ids);
    }

    [Fact]
    public void Kernel_names_an_id_that_is_in_no_class_where_classes_are_strict()
    {
        var options = new PairOptions(Classes: [KeyValuePair.Create<string, IReadOnlyList<int>>("a", [7])], Strict: true);

        var fault = Decode(options, Png.Grey8(1, 1, [0]), Png.Grey8(1, 1, [8])).Fault;

        Assert.Equal(new Fault("label.unknown_id", "id 8 is in no class; it stands first at pixel 0, counted row by row"), fault);
    }

    [Fact]
    public void Kernel_reads_the_numbers_of_a_palette_and_not_its_colours()
    {
        byte[] palette = [255, 0, 0, 0, 255, 0, 0, 0, 255];

        var prediction = Decode(new(), Png.Indexed8(1, 3, [2, 0, 1], palette), Png.Indexed8(1, 3, [1, 2, 0], palette)).Value;

        Assert.Equal([2, 0, 1], prediction.Clusters);
        Assert.Equal([1, 2, 0], prediction.Truth!.Ids);
    }

    [Fact]
    public void Kernel_refuses_what_is_no_label_map()
    {
        var map = Png.Grey8(1, 1, [0]);

        Assert.Equal(new Fault("pairs.empty", "the prediction: expected an image, found a file of 0 bytes"), Decode(new(), [], map).Fault);
        Assert.Equal(
            new Fault("pairs.format", "the truth: expected JPEG, PNG, WebP, TIFF or BMP, found text that begins with 'text'"),
            Decode(new(), map, "text"u8.ToArray()).Fault);
        Assert.Equal(
            new Fault("pairs.bands", "the truth: expected one band of ids, found 3 bands"),
            Decode(new(), map, Png.Rgb8(1, 1, [1, 2, 3])).Fault);
        Assert.Equal("pairs.decode", Decode(new(), map[..^20], map).Fault!.Code);
    }

    [Fact]
    public void Kernel_refuses_maps_that_declare_more_than_max_pixels() => Assert.Equal(
        new Fault("pairs.too_large", "the truth: the PNG header declares 3 x 2 pixels; at most 5 (max_pixels) are decoded"),
        Decode(new(MaxPixels: 5), Png.Grey8(1, 5, new byte[5]), Png.Grey8(2, 3, new byte[6])).Fault);

    private static (Prediction Value, Fault? Fault) Decode(PairOptions options, byte[] prediction, byte[] truth) =>
        PairDecoding.Kernel(options)(new PairedMaps(new Origin("s", "k"), prediction, truth), default)
            .Match(value => (value, (Fault?)null), fault => (null!, fault));
}

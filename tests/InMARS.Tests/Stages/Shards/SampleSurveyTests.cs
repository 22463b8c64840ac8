using InMARS.Pipeline.Outcomes;
using InMARS.Pipeline.Stages;
using InMARS.Stages.Reports;
using InMARS.Stages.Shards;

namespace InMARS.Tests.Stages.Shards;

public class SampleSurveyTests
{
    [Fact]
    public void It_tells_sizes_bands_formats_and_the_shares_of_the_ids()
    {
        var wide = Png.Rgb8(2, 4, new byte[24]);
        Sample[] samples = [Of(wide, Png.Grey8(2, 4, [0, 0, 0, 0, 0, 0, 1, 7])), Of(wide, Png.Grey8(2, 4, new byte[8])), Of(Png.Grey8(3, 3, new byte[9]), null)];

        var survey = SampleSurvey.Of(samples.Select(Result.Ok));

        Assert.Equal((3, 2), (survey.Looked, survey.LabelMaps));
        Assert.Equal([new((4, 2), 2), new((3, 3), 1)], survey.Sizes);
        Assert.Equal([new(3, 2), new(1, 1)], survey.Bands);
        Assert.Equal([new("PNG", 3)], survey.Formats);
        Assert.Equal([new(0, 14 / 16.0), new(1, 1 / 16.0), new(7, 1 / 16.0)], survey.Ids);
    }

    [Fact]
    public void What_cannot_be_read_is_passed_over()
    {
        Result<Sample>[] samples = [new Fault("file.empty", "nothing"), Of([1, 2, 3], [4, 5, 6])];

        var survey = SampleSurvey.Of(samples);

        Assert.Equal(2, survey.Looked);
        Assert.Empty(survey.Sizes);
        Assert.Empty(survey.Ids);
    }

    private static Sample Of(byte[] image, byte[]? label) => new(new Origin("s", "k"), "k.png", image, label);
}

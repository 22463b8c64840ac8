using InMARS.Pipeline.Configuration;
using InMARS.Stages.Learning;
using YamlDotNet.RepresentationModel;

namespace InMARS.Tests.Stages.Learning;

public class LearnerOptionsTests
{
    [Fact]
    public void Clusters_alone_give_the_defaults()
    {
        var read = Fields.Read(Yaml("clusters: 5"), LearnerOptions.Read);

        Assert.Empty(read.ErrorsOrNone);
        Assert.Equal(new LearnerOptions(new TrainingOptions(5), new InmarsOptions()), read.Match(o => o, _ => null!));
    }

    [Fact]
    public void Groups_are_read_in_full()
    {
        var read = Fields.Read(
            Yaml("{clusters: 3, mu: 2, schedule: constant, photometric: {weight: 1, norm: linf}, spatial: {rotation: 30, worst_of: 4}, network: {bands: 4, sobel: false}}"),
            LearnerOptions.Read);

        var expected = new LearnerOptions(
            new TrainingOptions(3, Schedule: RateSchedule.Constant) { Network = new NetworkOptions(Bands: 4, Sobel: false) },
            new InmarsOptions(Mu: 2)
            {
                Photometric = new PhotometricOptions(Weight: 1, Norm: NoiseNorm.LInfinity),
                Spatial = new SpatialOptions(Rotation: 30, WorstOf: 4),
            });
        Assert.Equal(expected, read.Match(o => o, _ => null!));
    }

    [Fact]
    public void Every_error_is_told_at_once()
    {
        var errors = Fields.Read(Yaml("{muu: 2, network: {width: 2}, spatial: {rotation: far}}"), LearnerOptions.Read).ErrorsOrNone;

        Assert.Equal(["clusters", "network.width", "spatial.rotation", "muu"], errors.Select(e => e.Path));
        Assert.Equal("unknown key; did you mean 'mu'?", errors[^1].Message);
    }

    [Fact]
    public void An_empty_map_describes_every_option()
    {
        var keys = Fields.Describe(LearnerOptions.Read).Select(n => n.Key).ToList();

        Assert.Contains("photometric.radius", keys);
        Assert.Contains("network.width", keys);
    }

    private static ConfigNode Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return new ConfigNode(stream.Documents[0].RootNode, "", new ConfigFile("test.yaml"));
    }
}

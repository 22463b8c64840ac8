using CsCheck;
using InMARS.Pipeline.Sweeps;

namespace InMARS.Tests.Pipeline.Sweeps;

public class SpreadTests
{
    [Fact]
    public void Mean_and_deviation_are_those_of_the_sample()
    {
        var spread = Of(2, 4, 4, 4, 5, 5, 7, 9);

        Assert.Equal(5, spread.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(32.0 / 7), spread.Deviation!.Value, 1e-12);
    }

    [Fact]
    public void One_value_has_no_deviation() => Assert.Equal((3.5, null), (Of(3.5).Mean, Of(3.5).Deviation));

    [Fact]
    public void A_shift_moves_the_mean_and_leaves_the_deviation() =>
        Gen.Double[-100, 100].Array[2, 8].Sample(values =>
        {
            var (here, there) = (Of(values), Of([.. values.Select(v => v + 10)]));
            Assert.Equal(here.Mean + 10, there.Mean, 1e-9);
            Assert.Equal(here.Deviation!.Value, there.Deviation!.Value, 1e-9);
        });

    private static Spread Of(params double[] values) => new([.. values.Select((v, i) => KeyValuePair.Create((long)i, v))]);
}

using System.Runtime.Intrinsics;
using InMARS.Stages.Superpixels.Simd;

namespace InMARS.Tests.Stages.Superpixels.Simd;

/// <summary>Every operation of every kind of lanes against the plain one, at every place of a vector.</summary>
public class SlicLanesTests
{
    private static readonly ushort[] _a = [.. Numbers(1)];
    private static readonly ushort[] _b = [.. Numbers(2)];

    [Fact]
    public void Wide_lanes_do_what_plain_numbers_do() => Agrees<WideLanes, Vector256<ushort>>();

    [Fact]
    public void Portable_lanes_do_what_plain_numbers_do() => Agrees<PortableLanes, Vector128<ushort>>();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Lanes_read_and_write_where_they_are_told(int at)
    {
        byte[] bytes = [.. Enumerable.Range(200, 24).Select(i => (byte)i)];
        var (wide, portable) = (new ushort[24], new ushort[24]);

        WideLanes.Store(WideLanes.Widen(bytes, at), wide, at);
        PortableLanes.Store(PortableLanes.Widen(bytes, at), portable, at);

        Assert.Equal(bytes.Select((b, i) => i >= at && i < at + 16 ? b : 0), wide.Select(n => (int)n));
        Assert.Equal(bytes.Select((b, i) => i >= at && i < at + 8 ? b : 0), portable.Select(n => (int)n));
    }

    private static void Agrees<TLanes, T>()
        where TLanes : struct, ILanes<T>
        where T : struct
    {
        Same(TLanes.AddSaturated, ScalarLanes.AddSaturated);
        Same(TLanes.Add, ScalarLanes.Add);
        Same(TLanes.Subtract, ScalarLanes.Subtract);
        Same(TLanes.Multiply, ScalarLanes.Multiply);
        Same(TLanes.Min, ScalarLanes.Min);
        Same(TLanes.And, ScalarLanes.And);
        Same(TLanes.Or, ScalarLanes.Or);
        Same(TLanes.Equal, ScalarLanes.Equal);
        Same((a, b) => TLanes.Select(TLanes.Splat(0x0FF0), a, b), (a, b) => ScalarLanes.Select(0x0FF0, a, b));
        Same((a, b) => TLanes.SquaredDifference(TLanes.And(a, TLanes.Splat(255)), TLanes.And(b, TLanes.Splat(255))), (a, b) => ScalarLanes.SquaredDifference((ushort)(a & 255), (ushort)(b & 255)));
        Assert.True(TLanes.IsZero(TLanes.Splat(0)));
        Assert.False(TLanes.IsZero(TLanes.Load(_a, 0)));
        Assert.Equal(3 * TLanes.Count, TLanes.Sum(TLanes.Splat(3)));

        static void Same(Func<T, T, T> vector, Func<ushort, ushort, ushort> plain)
        {
            var found = new ushort[_a.Length];
            for (var at = 0; at < found.Length; at += TLanes.Count)
            {
                TLanes.Store(vector(TLanes.Load(_a, at), TLanes.Load(_b, at)), found, at);
            }

            Assert.Equal(_a.Zip(_b, plain), found);
        }
    }

    private static IEnumerable<ushort> Numbers(int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, 256).Select(i => (i % 8) switch
        {
            0 => ushort.MaxValue,
            1 => (ushort)0,
            2 => (ushort)i,
            _ => (ushort)random.Next(ushort.MaxValue + 1),
        });
    }
}

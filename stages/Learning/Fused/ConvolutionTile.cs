using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace InMARS.Stages.Learning.Fused;

/// <summary>The innermost work of a convolution: six neighbouring cells, sixteen outputs of each, all in registers.</summary>
internal static class ConvolutionTile
{
    /// <summary>Cells that are computed together.</summary>
    public const int Cells = 6;

    /// <summary>Outputs that are computed together.</summary>
    public const int Lanes = 16;

    private const int Half = Lanes / 2;

    /// <summary>Distances in the input, in floats.</summary>
    /// <param name="Row">From one row of the kernel to the next.</param>
    /// <param name="Column">From one column of the kernel to the next.</param>
    /// <param name="Cell">From one output cell to the next.</param>
    internal readonly record struct Steps(nint Row, nint Column, nint Cell);

    /// <summary>Computes one tile.</summary>
    /// <param name="input">Channels of the first cell that the first output cell sees.</param>
    /// <param name="weights">Those of one block of outputs, <c>[kernel][kernel][channels][Lanes]</c>.</param>
    /// <param name="start">Output and first value of one cell: <c>[Lanes]</c> biases.</param>
    /// <param name="output">Receives <see cref="Cells"/> cells.</param>
    /// <param name="outputStep">Distance of its cells, in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute(
        ref float input, Steps steps, (int Kernel, int Channels) size, ref float weights, (float[] Bias, int First, float Floor) start, ref float output, nint outputStep)
    {
        var (low, high) = (Vector256.LoadUnsafe(ref start.Bias[start.First]), Vector256.LoadUnsafe(ref start.Bias[start.First], Half));
        var (a0, b0, c0, d0, e0, f0) = (low, low, low, low, low, low);
        var (a1, b1, c1, d1, e1, f1) = (high, high, high, high, high, high);
        nint channels = size.Channels;
        for (var y = 0; y < size.Kernel; y++)
        {
            for (var x = 0; x < size.Kernel; x++)
            {
                ref var a = ref Unsafe.Add(ref input, (y * steps.Row) + (x * steps.Column));
                ref var b = ref Unsafe.Add(ref a, steps.Cell);
                ref var c = ref Unsafe.Add(ref b, steps.Cell);
                ref var d = ref Unsafe.Add(ref c, steps.Cell);
                ref var e = ref Unsafe.Add(ref d, steps.Cell);
                ref var f = ref Unsafe.Add(ref e, steps.Cell);
                for (nint i = 0; i < channels; i++)
                {
                    var w0 = Vector256.LoadUnsafe(ref weights);
                    var w1 = Vector256.LoadUnsafe(ref weights, Half);
                    var v = Vector256.Create(Unsafe.Add(ref a, i));
                    a0 = Vector256.MultiplyAddEstimate(v, w0, a0);
                    a1 = Vector256.MultiplyAddEstimate(v, w1, a1);
                    v = Vector256.Create(Unsafe.Add(ref b, i));
                    b0 = Vector256.MultiplyAddEstimate(v, w0, b0);
                    b1 = Vector256.MultiplyAddEstimate(v, w1, b1);
                    v = Vector256.Create(Unsafe.Add(ref c, i));
                    c0 = Vector256.MultiplyAddEstimate(v, w0, c0);
                    c1 = Vector256.MultiplyAddEstimate(v, w1, c1);
                    v = Vector256.Create(Unsafe.Add(ref d, i));
                    d0 = Vector256.MultiplyAddEstimate(v, w0, d0);
                    d1 = Vector256.MultiplyAddEstimate(v, w1, d1);
                    v = Vector256.Create(Unsafe.Add(ref e, i));
                    e0 = Vector256.MultiplyAddEstimate(v, w0, e0);
                    e1 = Vector256.MultiplyAddEstimate(v, w1, e1);
                    v = Vector256.Create(Unsafe.Add(ref f, i));
                    f0 = Vector256.MultiplyAddEstimate(v, w0, f0);
                    f1 = Vector256.MultiplyAddEstimate(v, w1, f1);
                    weights = ref Unsafe.Add(ref weights, Lanes);
                }
            }
        }

        var floor = Vector256.Create(start.Floor);
        Store(a0, a1, floor, ref output);
        Store(b0, b1, floor, ref Unsafe.Add(ref output, outputStep));
        Store(c0, c1, floor, ref Unsafe.Add(ref output, 2 * outputStep));
        Store(d0, d1, floor, ref Unsafe.Add(ref output, 3 * outputStep));
        Store(e0, e1, floor, ref Unsafe.Add(ref output, 4 * outputStep));
        Store(f0, f1, floor, ref Unsafe.Add(ref output, 5 * outputStep));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> low, Vector256<float> high, Vector256<float> floor, ref float output)
    {
        Vector256.MaxNative(low, floor).StoreUnsafe(ref output);
        Vector256.MaxNative(high, floor).StoreUnsafe(ref output, Half);
    }
}

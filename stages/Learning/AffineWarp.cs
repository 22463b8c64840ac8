using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>
/// Affine maps. A step is rotation, logarithm of scale, shear, shift across, shift down, each in units of its limit.
/// Matrices <c>[N, 2, 3]</c> act on coordinates of -1 to 1 across the whole image.
/// </summary>
internal sealed record AffineWarp(SpatialOptions Limits, long Height, long Width) : IWarp
{
    public int Parameters => 5;

    public (Tensor There, Tensor Back) Grids(Tensor steps)
    {
        var there = Matrices(steps, Limits, Height, Width);
        return (Grid(there), Grid(Inverse(there)));
    }

    public Tensor Unit(Tensor steps)
    {
        var scaled = Warp.Scaled(steps);
        return scaled / (scaled.norm(1, keepdim: true, p: 2) + 1e-12);
    }

    public Tensor Limit(Tensor steps) => steps.clamp(-1, 1);

    /// <summary>Matrices from parameters in units of their limits.</summary>
    /// <param name="steps"><c>[N, 5]</c>, -1 to 1.</param>
    /// <returns><c>[N, 2, 3]</c>: shift after rotation after shear after scale; differentiable.</returns>
    public static Tensor Matrices(Tensor steps, SpatialOptions limits, long height, long width)
    {
        var parts = steps.unbind(1);
        var angle = parts[0] * (limits.Rotation * Math.PI / 180);
        var scale = (parts[1] * Math.Log(1 + limits.Scale)).exp();
        var shear = (parts[2] * (limits.Shear * Math.PI / 180)).tan();
        var (cos, sin) = (angle.cos() * scale, angle.sin() * scale);

        // Angles are those of square pixels, so the sides of the image enter where the axes mix.
        var aspect = (double)height / width;
        return Rows(
            [cos, ((cos * shear) - sin) * aspect, parts[3] * limits.Shift],
            [sin / aspect, (sin * shear) + cos, parts[4] * limits.Shift]);
    }

    public static Tensor Inverse(Tensor matrices)
    {
        var (a, b, x) = (matrices[.., 0, 0], matrices[.., 0, 1], matrices[.., 0, 2]);
        var (c, d, y) = (matrices[.., 1, 0], matrices[.., 1, 1], matrices[.., 1, 2]);
        var determinant = (a * d) - (b * c);
        return Rows(
            [d / determinant, -b / determinant, ((b * y) - (d * x)) / determinant],
            [-c / determinant, a / determinant, ((c * x) - (a * y)) / determinant]);
    }

    /// <summary>Places to sample at, <c>[N, H, W, 2]</c>: those of the columns and those of the rows, added.</summary>
    private Tensor Grid(Tensor matrices)
    {
        var (across, down, shift) = (matrices.select(2, 0), matrices.select(2, 1), matrices.select(2, 2));
        var columns = Warp.Middles(Width, matrices).view(1, 1, -1, 1) * across.view(-1, 1, 1, 2);
        var rows = (Warp.Middles(Height, matrices).view(1, -1, 1, 1) * down.view(-1, 1, 1, 2)) + shift.view(-1, 1, 1, 2);
        return columns + rows;
    }

    private static Tensor Rows(Tensor[] first, Tensor[] second) => stack([stack(first, 1), stack(second, 1)], 1);
}

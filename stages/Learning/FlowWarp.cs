using TorchSharp;
using static TorchSharp.torch;

namespace InMARS.Stages.Learning;

/// <summary>A smooth flow field.</summary>
/// <param name="Grid">Control points along each side, 2 to 64.</param>
/// <param name="Reach">Most pixels that a place moves.</param>
/// <param name="InverseSteps">Fixed-point steps that undo the flow.</param>
public sealed record FlowFieldOptions(int Grid = 8, double Reach = 3, int InverseSteps = 5);

/// <summary>Flow fields: displacements on a coarse grid of control points, made smooth between them by cubic B-splines.</summary>
/// <remarks>
/// Free-form deformation, Rueckert et al., TMI 18(8), 1999. A spline lies within the hull of its control points, so no
/// place moves further than they reach. The reach is held to a quarter of their distance: neighbours then differ by half
/// of it at most, the flow shrinks distances (Lipschitz below 0.71), and it can be undone by repeating
/// h(u) = -f(u + h(u)).
/// </remarks>
internal sealed class FlowWarp : IWarp
{
    private readonly FlowFieldOptions _options;
    private readonly double _reach;
    private readonly Tensor _identity;
    private readonly Tensor _down;
    private readonly Tensor _across;
    private readonly Tensor _half;

    public FlowWarp(FlowFieldOptions options, Tensor images)
    {
        var (height, width) = (images.shape[2], images.shape[3]);
        _options = options;
        _reach = Math.Min(options.Reach, (Math.Min(height, width) - 1) / (4.0 * (options.Grid - 1)));
        _down = Like(images, Splines(height, options.Grid)).view(height, options.Grid);
        _across = Like(images, Splines(width, options.Grid)).view(width, options.Grid);
        _half = Like(images, [width / 2.0, height / 2.0]);
        _identity = Warp.Still(images);
    }

    public int Parameters => 2 * _options.Grid * _options.Grid;

    public (Tensor There, Tensor Back) Grids(Tensor steps)
    {
        var field = Field(steps) / _half.view(1, 2, 1, 1);
        return (_identity + Place(field), _identity + Undone(field));
    }

    /// <summary>Length is that of the longest displacement of a control point.</summary>
    public Tensor Unit(Tensor steps)
    {
        var scaled = Warp.Scaled(steps);
        return scaled / (Lengths(scaled).amax([1], keepdim: true) + 1e-12);
    }

    public Tensor Limit(Tensor steps)
    {
        var factor = Lengths(steps).clamp_min(1).reciprocal();
        return (steps.view(steps.shape[0], 2, -1) * factor.unsqueeze(1)).reshape(steps.shape);
    }

    /// <summary>The displacement of each pixel, in pixels, <c>[N, 2, H, W]</c>: across, then down.</summary>
    internal Tensor Field(Tensor steps)
    {
        var control = steps.view(-1, 2, _options.Grid, _options.Grid) * _reach;
        return _down.matmul(control).matmul(_across.transpose(0, 1));
    }

    private Tensor Undone(Tensor field)
    {
        var back = -Place(field);
        for (var i = 1; i < _options.InverseSteps; i++)
        {
            back = -Place(Warp.Sample(field, _identity + back, GridSamplePaddingMode.Border));
        }

        return back;
    }

    private static Tensor Place(Tensor field) => field.permute(0, 2, 3, 1);

    private static Tensor Lengths(Tensor steps) => steps.view(steps.shape[0], 2, -1).norm(1, keepdim: false, p: 2);

    private static Tensor Like(Tensor images, double[] values) => tensor(values, dtype: images.dtype, device: images.device);

    /// <summary>Weight of each control point for each pixel, row by row; each row sums to 1.</summary>
    private static double[] Splines(long pixels, int controls)
    {
        var weights = new double[pixels * controls];
        for (var p = 0; p < pixels; p++)
        {
            var place = p * (controls - 1.0) / Math.Max(1, pixels - 1);
            for (var i = -1; i <= controls; i++)
            {
                // The points on the border are continued outwards.
                weights[(p * controls) + Math.Clamp(i, 0, controls - 1)] += Spline(Math.Abs(place - i));
            }
        }

        return weights;
    }

    private static double Spline(double distance) => distance switch
    {
        < 1 => (2 / 3.0) - (distance * distance) + (distance * distance * distance / 2),
        < 2 => Math.Pow(2 - distance, 3) / 6,
        _ => 0,
    };
}

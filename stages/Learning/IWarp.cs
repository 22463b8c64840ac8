using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace InMARS.Stages.Learning;

/// <summary>
/// A family of spatial changes of images of one size. One number of each image is a step; 0 everywhere moves nothing.
/// </summary>
internal interface IWarp
{
    /// <summary>Numbers that describe the change of one image, P.</summary>
    int Parameters { get; }

    /// <summary>Where to sample the images, and where to sample answers for the moved images to have them back in place.</summary>
    /// <param name="steps"><c>[N, P]</c>, in units of the limits.</param>
    /// <returns>Twice <c>[N, H, W, 2]</c>, -1 to 1 across the image; differentiable.</returns>
    (Tensor There, Tensor Back) Grids(Tensor steps);

    /// <summary>The same directions with length 1, as this family measures it, <c>[N, P]</c>.</summary>
    Tensor Unit(Tensor steps);

    /// <summary>The same steps cut to the limits, <c>[N, P]</c>.</summary>
    Tensor Limit(Tensor steps);
}

/// <summary>Sampling of images at places.</summary>
internal static class Warp
{
    /// <param name="images"><c>[N, C, H, W]</c>: size, type and device of what will be moved.</param>
    /// <returns>The family that <paramref name="options"/> name; its tensors belong to the scope of the caller.</returns>
    public static IWarp Of(SpatialOptions options, Tensor images) =>
        options.Kind == WarpKind.Flow ? new FlowWarp(options.Flow, images) : new AffineWarp(options, images.shape[2], images.shape[3]);

    /// <summary>Where each pixel is when nothing moves, <c>[1, H, W, 2]</c>.</summary>
    public static Tensor Still(Tensor images)
    {
        var still = tensor(new double[] { 1, 0, 0, 0, 1, 0 }, dtype: images.dtype, device: images.device).view(1, 2, 3);
        return functional.affine_grid(still, [1, 1, images.shape[2], images.shape[3]], align_corners: false);
    }

    /// <summary>Middles of the pixels of one side, <c>[length]</c>, -1 to 1 from edge to edge.</summary>
    /// <param name="like">Has the type and the device.</param>
    public static Tensor Middles(long length, Tensor like) =>
        ((arange(length, dtype: like.dtype, device: like.device) * 2) + (1 - length)) / length;

    public static Tensor Sample(Tensor images, Tensor grid, GridSamplePaddingMode padding) =>
        functional.grid_sample(images, grid, GridSampleMode.Bilinear, padding, align_corners: false);

    /// <summary>Which places lie within the image, <c>[N, 1, H, W]</c>, 1 or 0; without gradient.</summary>
    public static Tensor Inside(Tensor grid) => (grid.detach().abs().amax([3]) <= 1).to(grid.dtype).unsqueeze(1);

    /// <summary>Divides by the largest value of each row: gradients are tiny, and their squares would be lost.</summary>
    public static Tensor Scaled(Tensor steps) => steps / (steps.abs().amax([1], keepdim: true) + 1e-30);
}

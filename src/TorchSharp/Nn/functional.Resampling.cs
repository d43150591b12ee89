using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>The tensor with values around its last dimensions.</summary>
            /// <param name="input">The tensor.</param>
            /// <param name="pad">How many before and after the last dimension, then before and after the one before it
            /// …</param>
            /// <param name="mode">What lies outside.</param>
            /// <param name="value">The value of <see cref="PaddingModes.Constant"/>.</param>
            public static Tensor pad(
                Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
                {
                    PaddingModes.Constant => Call("constant_pad_nd", input, pad, value),
                    PaddingModes.Zeros => Call("constant_pad_nd", input, pad, 0),
                    PaddingModes.Circular => Call("_pad_circular", input, pad),
                    PaddingModes.Reflect => Call($"reflection_pad{pad.Length / 2}d", input, pad),
                    PaddingModes.Replicate => Call($"replication_pad{pad.Length / 2}d", input, pad),
                    _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode."),
                };

            /// <inheritdoc cref="pad(Tensor, long[], PaddingModes, double)"/>
            public static Tensor pad(
                Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            /// <summary>Images, N×C×H×W, in another size (or N×C×W, N×C×D×H×W).</summary>
            /// <param name="x">The images.</param>
            /// <param name="size">The new size of every spatial dimension, or null to scale.</param>
            /// <param name="scale_factor">The factor of every spatial dimension, or null where a size is given.</param>
            /// <param name="mode">How values between samples are found.</param>
            /// <param name="align_corners">Whether the centres of the corner pixels, rather than the corners, are kept
            /// in place.</param>
            /// <param name="recompute_scale_factor">Whether the sampling follows the rounded size rather than the
            /// factor given.</param>
            /// <param name="antialias">Whether the filter widens when shrinking (bilinear and bicubic only).</param>
            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null,
                bool recompute_scale_factor = false, bool antialias = false)
            {
                if (size is null == scale_factor is null)
                {
                    throw new ArgumentException("Give either the size or the scale factor.");
                }

                if (size is null && (recompute_scale_factor || mode == InterpolationMode.Area))
                {
                    size = [.. scale_factor!.Select((factor, i) => (long)Math.Floor(x.size(i + 2) * factor))];
                    scale_factor = null;
                }

                int dimensions = (int)x.ndim - 2;
                bool corners = align_corners ?? false;
                string filtered = antialias ? "_aa" : "";
                string prefix = antialias ? "_" : "";
                return mode switch
                {
                    InterpolationMode.Area => Call($"adaptive_avg_pool{dimensions}d", x, size),
                    InterpolationMode.Nearest => Call($"upsample_nearest{dimensions}d.vec", x, size, scale_factor),
                    InterpolationMode.NearestExact => Call($"_upsample_nearest_exact{dimensions}d.vec", x, size, scale_factor),
                    InterpolationMode.Linear => Call("upsample_linear1d.vec", x, size, corners, scale_factor),
                    InterpolationMode.Trilinear => Call("upsample_trilinear3d.vec", x, size, corners, scale_factor),
                    InterpolationMode.Bilinear =>
                        Call($"{prefix}upsample_bilinear2d{filtered}.vec", x, size, corners, scale_factor),
                    InterpolationMode.Bicubic =>
                        Call($"{prefix}upsample_bicubic2d{filtered}.vec", x, size, corners, scale_factor),
                    _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode."),
                };
            }

            /// <summary>Images, N×C×H×W, read at the places of a grid, N×H'×W'×2, in [−1, 1].</summary>
            public static Tensor grid_sample(
                Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear,
                GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
            {
                // libtorch numbers them bilinear, nearest and zeros, border, reflection.
                int interpolation = mode == GridSampleMode.Bilinear ? 0 : 1;
                int padding = padding_mode switch
                {
                    GridSamplePaddingMode.Zeros => 0,
                    GridSamplePaddingMode.Border => 1,
                    _ => 2,
                };
                return Call("grid_sampler", input, grid, interpolation, padding, align_corners ?? false);
            }

            /// <summary>The grid, N×H×W×2, of affine maps, N×2×3, for images of a size N×C×H×W.</summary>
            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) =>
                Call("affine_grid_generator", theta, size, align_corners);
        }
    }
}

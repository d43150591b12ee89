using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs.Operators;

/// <summary>
/// Resampling, one dimension after the other: every output element is a weighted sum of 1 (nearest), 2 (linear) or
/// 4 (cubic) input elements, whose places and weights are computed as the ONNX specification defines them.
/// </summary>
internal static class Resizing
{
    public static void Register(OperatorTable table)
    {
        table.Add("Resize", Resize, settings: [1, 2, 3]);
        table.Add("Upsample", Resize, settings: [1]);
    }

    private static Tensor Resize(NodeContext c)
    {
        Tensor x = c.X;
        var sampling = new Sampling(c);
        (double[] scales, long[] sizes) = Target(c, x.shape);
        for (int axis = 0; axis < x.ndim; axis++)
        {
            if (scales[axis] != 1 || sizes[axis] != x.shape[axis])
            {
                x = ResizeAxis(x, axis, sizes[axis], scales[axis], sampling);
            }
        }

        return x;
    }

    /// <summary>Scale and size along every dimension. Which input says so depends on the opset.</summary>
    private static (double[] Scales, long[] Sizes) Target(NodeContext c, long[] shape)
    {
        // Resize-11: X, roi, scales, sizes. Resize-10 and Upsample-9: X, scales. Upsample-7: an attribute.
        Tensor? sizes = c.Optional(3);
        if (sizes is { NumberOfElements: > 0 })
        {
            long[] wanted = sizes.ToLongs();
            return wanted.Length == shape.Length
                ? ([.. wanted.Zip(shape, (to, from) => (double)to / from)], wanted)
                : throw c.Unusable("resizes chosen axes");
        }

        double[]? scales = c.Optional(2)?.ToDoubles() ?? c.Optional(1)?.ToDoubles()
            ?? c.Floats("scales")?.Select(scale => (double)scale).ToArray();
        return scales?.Length == shape.Length
            ? (scales, [.. shape.Zip(scales, (size, scale) => (long)Math.Floor(size * scale))])
            : throw c.Unusable("has no scale for every axis");
    }

    private static Tensor ResizeAxis(Tensor x, int axis, long size, double scale, Sampling sampling)
    {
        int taps = sampling.Taps;
        var places = new long[taps][];
        var weights = new float[taps][];
        for (int tap = 0; tap < taps; tap++)
        {
            (places[tap], weights[tap]) = (new long[size], new float[size]);
        }

        Span<double> share = stackalloc double[taps];
        for (long i = 0; i < size; i++)
        {
            long first = sampling.At(i, x.shape[axis], size, scale, share);
            for (int tap = 0; tap < taps; tap++)
            {
                places[tap][i] = Math.Clamp(first + tap, 0, x.shape[axis] - 1);
                weights[tap][i] = (float)share[tap];
            }
        }

        long[] along = [.. Enumerable.Repeat(1L, (int)x.ndim)];
        along[axis] = size;
        Tensor result = Tap(0);
        for (int tap = 1; tap < taps; tap++)
        {
            result = result.add(Tap(tap));
        }

        return result;

        Tensor Tap(int tap)
        {
            Tensor chosen = x.index_select(axis, torch.tensor(places[tap], device: x.device));
            return taps == 1 ? chosen : chosen.mul(torch.tensor(weights[tap], device: x.device).reshape(along).to(x.dtype));
        }
    }

    /// <summary>How an output element's place in the input is found, and what is taken there.</summary>
    private sealed class Sampling
    {
        private readonly string _mode;
        private readonly string _coordinates;
        private readonly string _nearest;
        private readonly double _cubic;
        private readonly bool _excludeOutside;

        public Sampling(NodeContext c)
        {
            // Before opset 11 places were scaled from the corner, and rounded down, or up to shrink, as ONNX Runtime does.
            bool old = c.Opset < 11;
            _mode = c.Text("mode", "nearest");
            _coordinates = c.Text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel");
            _nearest = c.Text("nearest_mode", old ? "legacy" : "round_prefer_floor");
            _cubic = c.Float("cubic_coeff_a", -0.75f);
            _excludeOutside = c.Flag("exclude_outside");
            Taps = _mode switch
            {
                "nearest" => 1,
                "linear" or "bilinear" => 2,
                "cubic" => 4,
                _ => throw c.Unusable($"resizes by '{_mode}'"),
            };
            if (_coordinates is not ("half_pixel" or "pytorch_half_pixel" or "align_corners" or "asymmetric"
                or "tf_half_pixel_for_nn"))
            {
                throw c.Unusable($"finds places by '{_coordinates}'");
            }

            if (_nearest is not ("round_prefer_floor" or "round_prefer_ceil" or "floor" or "ceil" or "legacy"))
            {
                throw c.Unusable($"rounds places by '{_nearest}'");
            }

            if (c.Flag("antialias") || c.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
            {
                throw c.Unusable("resizes with antialiasing or a kept aspect ratio");
            }
        }

        /// <summary>Input elements in one output element.</summary>
        public int Taps { get; }

        /// <summary>The first input element that output element <paramref name="i"/> takes from, and every one's weight.</summary>
        public long At(long i, long from, long to, double scale, Span<double> weights)
        {
            double place = _coordinates switch
            {
                "asymmetric" => i / scale,
                "align_corners" => to == 1 ? 0 : i * (double)(from - 1) / (to - 1),
                "pytorch_half_pixel" when to == 1 => 0,
                "tf_half_pixel_for_nn" => (i + 0.5) / scale,
                _ => ((i + 0.5) / scale) - 0.5,
            };
            if (Taps == 1)
            {
                weights[0] = 1;
                return (long)(_nearest switch
                {
                    "floor" => Math.Floor(place),
                    "ceil" => Math.Ceiling(place),
                    "legacy" => scale < 1 ? Math.Ceiling(place) : Math.Floor(place),
                    "round_prefer_ceil" => Math.Floor(place + 0.5),
                    _ => Math.Ceiling(place - 0.5),
                });
            }

            double floor = Math.Floor(place);
            double t = place - floor;
            if (Taps == 2)
            {
                (weights[0], weights[1]) = (1 - t, t);
                return (long)floor;
            }

            long first = (long)floor - 1;
            double sum = 0;
            for (int tap = 0; tap < 4; tap++)
            {
                bool outside = first + tap < 0 || first + tap >= from;
                weights[tap] = _excludeOutside && outside ? 0 : Cubic(Math.Abs(tap - 1 - t));
                sum += weights[tap];
            }

            for (int tap = 0; tap < 4; tap++)
            {
                weights[tap] /= sum;
            }

            return first;
        }

        /// <summary>The cubic convolution kernel (Keys 1981, equation 4).</summary>
        private double Cubic(double d) =>
            d <= 1 ? (((_cubic + 2) * d) - (_cubic + 3)) * d * d + 1
            : d < 2 ? ((((_cubic * d) - (5 * _cubic)) * d) + (8 * _cubic)) * d - (4 * _cubic)
            : 0;
    }
}

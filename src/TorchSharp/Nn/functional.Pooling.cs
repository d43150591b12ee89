using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>The largest values in windows over N×C×W; a null stride is the kernel's size.</summary>
            public static Tensor max_pool1d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null,
                bool ceil_mode = false) =>
                Call("max_pool1d", input, kernel_size, stride ?? kernel_size, padding ?? 0, dilation ?? 1, ceil_mode);

            /// <summary>The largest values in windows over N×C×H×W; null strides are the kernel's size.</summary>
            public static Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, bool ceil_mode = false) =>
                Call(
                    "max_pool2d", input, kernel_size, strides ?? kernel_size, padding ?? [0L], dilation ?? [1L],
                    ceil_mode);

            /// <summary>
            /// The largest values in square windows over N×C×H×W; a null stride is the kernel's size.
            /// </summary>
            public static Tensor max_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null,
                bool ceil_mode = false) =>
                Call("max_pool2d", input, kernel_size, stride ?? kernel_size, padding ?? 0, dilation ?? 1, ceil_mode);

            /// <summary>The largest values in windows over N×C×H×W, and where they are in each image's plane.</summary>
            public static (Tensor output, Tensor indices) max_pool2d_with_indices(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, bool ceil_mode = false) =>
                Call2(
                    "max_pool2d_with_indices", input, kernel_size, strides ?? kernel_size, padding ?? [0L],
                    dilation ?? [1L], ceil_mode);

            /// <summary>The largest values in windows over N×C×D×H×W; null strides are the kernel's size.</summary>
            public static Tensor max_pool3d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, bool ceil_mode = false) =>
                Call(
                    "max_pool3d", input, kernel_size, strides ?? kernel_size, padding ?? [0L], dilation ?? [1L],
                    ceil_mode);

            /// <summary>The means of windows over N×C×W; a null stride is the kernel's size.</summary>
            public static Tensor avg_pool1d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false,
                bool count_include_pad = true) =>
                Call(
                    "avg_pool1d", input, kernel_size, stride ?? kernel_size, padding ?? 0, ceil_mode,
                    count_include_pad);

            /// <summary>The means of windows over N×C×H×W; null strides are the kernel's size.</summary>
            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Call(
                    "avg_pool2d", input, kernel_size, stride ?? kernel_size, padding ?? [0L], ceil_mode,
                    count_include_pad, divisor_override);

            /// <summary>The means of square windows over N×C×H×W; a null stride is the kernel's size.</summary>
            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null) =>
                Call(
                    "avg_pool2d", input, kernel_size, stride ?? kernel_size, padding, ceil_mode, count_include_pad,
                    divisor_override);

            /// <summary>The means of windows over N×C×D×H×W; null strides are the kernel's size.</summary>
            public static Tensor avg_pool3d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Call(
                    "avg_pool3d", input, kernel_size, stride ?? kernel_size, padding ?? [0L], ceil_mode,
                    count_include_pad, divisor_override);

            /// <summary>The means of windows that divide N×C×W into an output of a size.</summary>
            public static Tensor adaptive_avg_pool1d(Tensor input, long output_size) =>
                Call("adaptive_avg_pool1d", input, output_size);

            /// <summary>The means of windows that divide N×C×H×W into an output of a size.</summary>
            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) =>
                Call("adaptive_avg_pool2d", input, output_size);

            /// <summary>The means of windows that divide N×C×H×W into a square output.</summary>
            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) =>
                Call("adaptive_avg_pool2d", input, output_size);

            /// <summary>The largest values of windows that divide N×C×H×W into an output of a size.</summary>
            public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size) =>
                adaptive_max_pool2d_with_indices(input, output_size).output;

            /// <summary>
            /// The largest values of windows that divide N×C×H×W into an output of a size, and where they are.
            /// </summary>
            public static (Tensor output, Tensor indices) adaptive_max_pool2d_with_indices(
                Tensor input, long[] output_size) =>
                Call2("adaptive_max_pool2d", input, output_size);

            /// <summary>The p-norms of windows over N×C×H×W; null strides are the kernel's size.</summary>
            public static Tensor lp_pool2d(
                Tensor input, double norm_type, long[] kernel_size, long[]? stride = null, bool ceil_mode = false) =>
                LpPool(input, norm_type, kernel_size, stride, ceil_mode);

            /// <summary>Square blocks of channels spread over space: N×(C·r²)×H×W to N×C×(H·r)×(W·r).</summary>
            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) =>
                Call("pixel_shuffle", input, upscale_factor);

            /// <summary>Square blocks of space stacked as channels: N×C×(H·r)×(W·r) to N×(C·r²)×H×W.</summary>
            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) =>
                Call("pixel_unshuffle", input, downscale_factor);

            /// <summary>Square windows over N×C×H×W as columns: N×(C·k²)×L.</summary>
            public static Tensor unfold(
                Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                Call("im2col", input, kernel_size, dilation, padding, stride);
        }
    }
}

using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Neural networks.</summary>
    public static partial class nn
    {
        /// <summary>Layers and losses without state.</summary>
        public static partial class functional
        {
            /// <summary>A convolution over N×C×W.</summary>
            public static Tensor conv1d(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null,
                long? dilation = null, long groups = 1) =>
                Call("conv1d", input, weight, bias, stride ?? 1, padding ?? 0, dilation ?? 1, groups);

            /// <summary>
            /// A convolution over N×C×H×W with weights O×(C/groups)×kH×kW; null strides and dilations are 1, null
            /// padding is 0.
            /// </summary>
            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, long groups = 1) =>
                Call("conv2d", input, weight, bias, strides ?? [1L], padding ?? [0L], dilation ?? [1L], groups);

            /// <summary>A convolution over N×C×D×H×W; null strides and dilations are 1, null padding is 0.</summary>
            public static Tensor conv3d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, long groups = 1) =>
                Call("conv3d", input, weight, bias, strides ?? [1L], padding ?? [0L], dilation ?? [1L], groups);

            /// <summary>A transposed convolution over N×C×W.</summary>
            public static Tensor conv_transpose1d(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null,
                long? output_padding = null, long? dilation = null, long groups = 1) =>
                Call(
                    "conv_transpose1d", input, weight, bias, stride ?? 1, padding ?? 0, output_padding ?? 0, groups,
                    dilation ?? 1);

            /// <summary>A transposed convolution over N×C×H×W with weights C×(O/groups)×kH×kW.</summary>
            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Call(
                    "conv_transpose2d.input", input, weight, bias, strides ?? [1L], padding ?? [0L],
                    output_padding ?? [0L], groups, dilation ?? [1L]);

            /// <summary>A transposed convolution over N×C×D×H×W.</summary>
            public static Tensor conv_transpose3d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Call(
                    "conv_transpose3d.input", input, weight, bias, strides ?? [1L], padding ?? [0L],
                    output_padding ?? [0L], groups, dilation ?? [1L]);

            /// <summary>input · weightsᵀ + bias; weights are outputs × inputs.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) =>
                Call("linear", input, weights, bias);

            /// <summary>
            /// Batch normalisation over all dimensions but the second. In training the batch's statistics are used and
            /// the running ones moved towards them by the momentum.
            /// </summary>
            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                Call("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            /// <summary>Normalisation of every image's channels by their own statistics.</summary>
            public static Tensor instance_norm(
                Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null,
                Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-05) =>
                Call(
                    "instance_norm", input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps,
                    true);

            /// <summary>Normalisation over the last dimensions.</summary>
            public static Tensor layer_norm(
                Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null,
                double eps = 1e-05) =>
                Call("layer_norm", input, normalized_shape, weight, bias, eps, true);

            /// <summary>Normalisation over groups of channels.</summary>
            public static Tensor group_norm(
                Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Call("group_norm", input, num_groups, weight, bias, eps, true);

            /// <summary>Division by the p-norm over a dimension, or by eps where that is larger.</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12) =>
                Normalize(input, p, dim, eps);

            /// <summary>Local response normalisation across neighbouring channels.</summary>
            public static Tensor local_response_norm(
                Tensor input, long size, double alpha = 0.0001, double beta = 0.75, double k = 1) =>
                LocalResponseNorm(input, size, alpha, beta, k);

            /// <summary>
            /// Sets elements to 0 with probability p and scales the others by 1/(1 − p), in training.
            /// </summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Mutate("dropout_", input, p, training) : Call("dropout", input, p, training);

            /// <summary>
            /// Sets whole channels to 0 with probability p and scales the others by 1/(1 − p), in training.
            /// </summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Mutate("feature_dropout_", input, p, training) : Call("feature_dropout", input, p, training);
        }
    }
}

using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// Cross-entropy between logits, N×C×…, and classes (N×…) or class probabilities (N×C×…).
            /// </summary>
            /// <param name="input">Logits.</param>
            /// <param name="target">Classes as integers, or probabilities.</param>
            /// <param name="weight">A weight a class, or null.</param>
            /// <param name="ignore_index">The class that does not count.</param>
            /// <param name="reduction">What becomes of the batch's losses.</param>
            /// <param name="label_smoothing">The share of probability spread over all classes.</param>
            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100,
                Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Call("cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <summary>The negative log-probabilities, N×C×…, of the target classes, N×….</summary>
            public static Tensor nll_loss(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Call("nll_loss_nd", input, target, weight, (long)reduction);

            /// <summary>The squared differences.</summary>
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Call("mse_loss", input, target, (long)reduction);

            /// <summary>The absolute differences.</summary>
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Call("l1_loss", input, target, (long)reduction);

            /// <summary>Squared differences below β, absolute ones above.</summary>
            public static Tensor smooth_l1_loss(
                Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1) =>
                Call("smooth_l1_loss", input, target, (long)reduction, beta);

            /// <summary>
            /// The Kullback–Leibler divergence of the target from log-probabilities; the mean is over elements.
            /// </summary>
            public static Tensor kl_div(
                Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Call("kl_div", input, target, (long)reduction, log_target);

            /// <summary>Cross-entropy between probabilities and targets in [0, 1].</summary>
            public static Tensor binary_cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Call("binary_cross_entropy", input, target, weight, (long)reduction);

            /// <summary>Cross-entropy between logits and targets in [0, 1].</summary>
            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean,
                Tensor? pos_weights = null) =>
                Call("binary_cross_entropy_with_logits", input, target, weight, pos_weights, (long)reduction);

            /// <summary>max(0, margin + d(anchor, positive) − d(anchor, negative)) with p-norm distances.</summary>
            public static Tensor triplet_margin_loss(
                Tensor anchor, Tensor positive, Tensor negative, double margin = 1, long p = 2, double eps = 1e-06,
                bool swap = false, Reduction reduction = Reduction.Mean) =>
                Call("triplet_margin_loss", anchor, positive, negative, margin, (double)p, eps, swap, (long)reduction);

            /// <summary>The cosine of the angle between vectors along a dimension.</summary>
            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-08) =>
                Call("cosine_similarity", x1, x2, dim, eps);

            /// <summary>The p-norm of the difference, eps added, over the last dimension.</summary>
            public static Tensor pairwise_distance(
                Tensor input1, Tensor input2, double p = 2, double eps = 1e-06, bool keepdim = false) =>
                Call("pairwise_distance", input1, input2, p, eps, keepdim);

            /// <summary>For every class index a vector with 1 at its place; as many classes as needed if −1.</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Call("one_hot", x, num_classes);
        }
    }
}

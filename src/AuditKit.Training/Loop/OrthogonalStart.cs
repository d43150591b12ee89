using AuditKit.Training.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>
/// Start weights that make every layer's V = WᵀW (WWᵀ where it is the smaller one) the identity: a random matrix with
/// orthonormal rows or columns on s×s taps amid the kernel, s being the stride, and zeros elsewhere. Windows a stride apart
/// do not overlap there. With stride 1 this is the delta-orthogonal start of Xiao et al. (ICML 2018).
/// </summary>
/// <remarks>
/// A penalty on V cannot replace this start: orthogonal convolutions form several components that are not connected (Li et
/// al., NeurIPS 2019), and from the usual random weights descent may end between them, at a singular one.
/// </remarks>
internal static class OrthogonalStart
{
    /// <summary>Draws the weights of every linear layer anew.</summary>
    /// <param name="network">The network; a layer whose window skips places cannot have V = I, and comes as near as it can.</param>
    /// <param name="seed">The run's seed; each layer has draws of its own.</param>
    public static void Draw(GraphModule network, long seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        foreach (LinearLayer layer in LinearLayer.Find(network))
        {
            Tensor kernels = zeros_like(layer.Kernels());
            (long height, long width) = (kernels.shape[3], kernels.shape[4]);
            (long rows, long columns) = (Math.Min(height, layer.Stride.Y), Math.Min(width, layer.Stride.X));
            Tensor taps = kernels.narrow(3, (height - rows) / 2, rows).narrow(4, (width - columns) / 2, columns);
            taps.copy_(Orthonormal(seed, layer.Name, taps.shape).to(kernels.device));
            Tensor weights = kernels.reshape(layer.IsTransposed ? layer.Weights.t().shape : layer.Weights.shape);
            layer.Weights.copy_((layer.IsTransposed ? weights.t() : weights) / layer.Scale);
        }

        network.WriteBack();
    }

    /// <summary>groups×n×…: for each group a matrix of n rows that has orthonormal rows, or columns where there are fewer.</summary>
    private static Tensor Orthonormal(long seed, string name, long[] shape)
    {
        (long groups, long rows) = (shape[0], shape[1]);
        long columns = shape[2..].Aggregate(1L, (product, length) => product * length);
        float[] values = new float[checked((int)(groups * rows * columns))];
        CounterRandom.For(seed, $"orthogonal start/{name}", 0).FillNormal(values, 0, 1);
        Tensor normal = tensor(values, [groups, rows, columns]).to(ScalarType.Float64);
        Tensor tall = rows < columns ? normal.transpose(1, 2) : normal;
        // The signs of Q's columns, which a QR decomposition leaves open, cancel in QQᵀ.
        Tensor orthonormal = linalg.qr(tall).Q;
        return (rows < columns ? orthonormal.transpose(1, 2) : orthonormal).reshape(shape).to(ScalarType.Float32);
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>The kernels of one convolution in several trained networks: one for each pair of an input and an output channel.</summary>
/// <param name="Layer">The name of the convolution's weights.</param>
/// <param name="Size">Numbers in a kernel d: its height times its width.</param>
/// <param name="Values">n kernels, d numbers each.</param>
/// <param name="Networks">How many networks they come from.</param>
/// <param name="Dropped">Kernels near zero that were left out.</param>
internal sealed record SourceKernels(string Layer, int Size, float[] Values, int Networks, int Dropped)
{
    /// <summary>Kernels n.</summary>
    public int Count => Values.Length / Size;

    /// <summary>SHA-256 of the kernels, in lower-case hexadecimal.</summary>
    public string Sha256() => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(Values.AsSpan())));

    /// <summary>All of them, n×d, in the caller's dispose scope.</summary>
    public Tensor ToTensor() => tensor(Values, [Count, Size]);

    /// <summary>Kernels by their index, in the caller's dispose scope.</summary>
    public Tensor Take(IReadOnlyList<int> kernels)
    {
        float[] taken = new float[kernels.Count * Size];
        for (int i = 0; i < kernels.Count; i++)
        {
            Values.AsSpan(kernels[i] * Size, Size).CopyTo(taken.AsSpan(i * Size));
        }

        return tensor(taken, [kernels.Count, Size]);
    }

    /// <summary>Some of them, each as likely as any other, with replacement.</summary>
    public Tensor Draw(int count, CounterRandom random) => Take([.. Enumerable.Range(0, count).Select(_ => random.NextInt32(Count))]);

    /// <summary>Where they come from, for people.</summary>
    public override string ToString()
        => FormattableString.Invariant($"{Count} kernels of {NumberText.Count(Networks, "network", "networks")} ({Dropped} near zero left out)");
}

using System.Numerics;

namespace AuditKit.Models;

/// <summary>
/// A convolution of one image by its definition, without any library: what the engines are tried against before they are
/// relied on. Stride 1, equal padding on all sides.
/// </summary>
/// <param name="Inputs">Channels C of the input.</param>
/// <param name="Outputs">Channels K of the output.</param>
/// <param name="Groups">Groups that C and K are cut into.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Padding">Zeros on each side.</param>
/// <param name="Side">Side of the input.</param>
internal sealed record PlainConvolution(int Inputs, int Outputs, int Groups, int Kernel, int Padding, int Side)
{
    /// <summary>
    /// Convolutions that an engine has to get right: numbers of channels that fill the blocks of 16, which fast kernels work
    /// in, and numbers that do not, on either side, in groups, and with kernels of several sizes.
    /// </summary>
    public static IReadOnlyList<PlainConvolution> Trials { get; } =
    [
        new(3, 16, 1, 3, 1, 6), new(16, 32, 1, 3, 1, 6), new(20, 50, 1, 5, 0, 8), new(24, 48, 1, 3, 1, 6), new(17, 8, 1, 1, 0, 5), new(40, 36, 2, 3, 1, 6),
    ];

    /// <summary>Side of the output.</summary>
    public int OutputSide => Side + (2 * Padding) - Kernel + 1;

    /// <summary>The image to try, C×H×W: eighths, whose products and sums float32 holds exactly.</summary>
    public float[] Image => Eighths(Inputs * Side * Side, 7);

    /// <summary>The weights to try, K×(C / groups)×k×k.</summary>
    public float[] Weights => Eighths(Outputs * (Inputs / Groups) * Kernel * Kernel, 11);

    /// <summary>The gradient of a loss with respect to the output to try, K×H×W.</summary>
    public float[] OutputGradient => Eighths(Outputs * OutputSide * OutputSide, 13);

    /// <summary>The output, K×H×W.</summary>
    public float[] Forward()
    {
        float[] result = new float[Outputs * OutputSide * OutputSide];
        (float[] image, float[] weights) = (Image, Weights);
        ForEachProduct((output, input, weight) => result[output] += image[input] * weights[weight]);
        return result;
    }

    /// <summary>The gradient with respect to the image, C×H×W.</summary>
    public float[] ImageGradient()
    {
        float[] result = new float[Inputs * Side * Side];
        (float[] gradient, float[] weights) = (OutputGradient, Weights);
        ForEachProduct((output, input, weight) => result[input] += gradient[output] * weights[weight]);
        return result;
    }

    /// <summary>The gradient with respect to the weights, K×(C / groups)×k×k.</summary>
    public float[] WeightGradient()
    {
        float[] result = new float[Weights.Length];
        (float[] gradient, float[] image) = (OutputGradient, Image);
        ForEachProduct((output, input, weight) => result[weight] += gradient[output] * image[input]);
        return result;
    }

    /// <summary>Whether an engine's numbers are these, but for the rounding of kernels that take another way (Winograd's).</summary>
    public static bool Agree(ReadOnlySpan<float> found, ReadOnlySpan<float> expected)
    {
        float tolerance = 1e-3f * expected.ToArray().Max(Math.Abs);
        for (int i = 0; i < expected.Length && i < found.Length; i++)
        {
            if (!(Math.Abs(found[i] - expected[i]) <= tolerance))
            {
                return false;
            }
        }

        return found.Length == expected.Length;
    }

    private void ForEachProduct(Action<int, int, int> visit)
    {
        (int inputs, int outputs) = (Inputs / Groups, Outputs / Groups);
        for (int k = 0; k < Outputs; k++)
        {
            for (int at = 0; at < OutputSide * OutputSide; at++)
            {
                for (int c = 0; c < inputs; c++)
                {
                    for (int tap = 0; tap < Kernel * Kernel; tap++)
                    {
                        int y = (at / OutputSide) + (tap / Kernel) - Padding;
                        int x = (at % OutputSide) + (tap % Kernel) - Padding;
                        if (y >= 0 && y < Side && x >= 0 && x < Side)
                        {
                            visit(
                                (k * OutputSide * OutputSide) + at,
                                (((k / outputs * inputs) + c) * Side * Side) + (y * Side) + x,
                                (((k * inputs) + c) * Kernel * Kernel) + tap);
                        }
                    }
                }
            }
        }
    }

    // −1, −7/8 … 1, in an order without a pattern of 16.
    private static float[] Eighths(int count, uint key)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = ((int)((BitOperations.RotateLeft((uint)i * 2654435761u, 7) ^ (key * 40503u)) % 17) - 8) / 8f;
        }

        return values;
    }
}

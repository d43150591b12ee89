using AuditKit.Checks.Weights;

namespace AuditKit.Tests.Checks.Weights;

/// <summary>The matrices of convolutions written out whole: what the fast operators are held against.</summary>
internal static class ExplicitMatrix
{
    /// <summary>The matrix, from the definition, one entry at a time.</summary>
    public static double[][] Toeplitz(float[] kernels, ConvolutionWindow w)
    {
        double[][] matrix = [.. Enumerable.Range(0, w.Filters * w.OutputHeight * w.OutputWidth).Select(_ => new double[w.Channels * w.Height * w.Width])];
        for (int row = 0; row < matrix.Length; row++)
        {
            (int o, int i, int j) = (row / (w.OutputHeight * w.OutputWidth), row / w.OutputWidth % w.OutputHeight, row % w.OutputWidth);
            for (int k = 0; k < w.GroupChannels * w.KernelHeight * w.KernelWidth; k++)
            {
                (int c, int a, int b) = (k / (w.KernelHeight * w.KernelWidth), k / w.KernelWidth % w.KernelHeight, k % w.KernelWidth);
                int channel = (o / (w.Filters / w.Groups) * (w.Channels / w.Groups)) + c;
                int y = (i * w.StrideY) - w.Top + (a * w.DilationY);
                int x = (j * w.StrideX) - w.Left + (b * w.DilationX);
                if (y >= 0 && y < w.Height && x >= 0 && x < w.Width)
                {
                    matrix[row][(((channel * w.Height) + y) * w.Width) + x] += kernels[(o * w.GroupChannels * w.KernelHeight * w.KernelWidth) + k];
                }
            }
        }

        return matrix;
    }

    /// <summary>The matrix without borders: a window that leaves the input comes in on the other side.</summary>
    public static double[][] Circulant(float[] kernels, ConvolutionWindow w)
    {
        (int height, int width) = (w.Height / w.StrideY, w.Width / w.StrideX);
        double[][] matrix = [.. Enumerable.Range(0, w.Filters * height * width).Select(_ => new double[w.Channels * w.Height * w.Width])];
        for (int row = 0; row < matrix.Length; row++)
        {
            (int o, int i, int j) = (row / (height * width), row / width % height, row % width);
            for (int k = 0; k < w.GroupChannels * w.KernelHeight * w.KernelWidth; k++)
            {
                (int c, int a, int b) = (k / (w.KernelHeight * w.KernelWidth), k / w.KernelWidth % w.KernelHeight, k % w.KernelWidth);
                int channel = (o / (w.Filters / w.Groups) * (w.Channels / w.Groups)) + c;
                (int y, int x) = (((i * w.StrideY) + (a * w.DilationY)) % w.Height, ((j * w.StrideX) + (b * w.DilationX)) % w.Width);
                matrix[row][(((channel * w.Height) + y) * w.Width) + x] += kernels[(o * w.GroupChannels * w.KernelHeight * w.KernelWidth) + k];
            }
        }

        return matrix;
    }

    /// <summary>The matrix of the transposed convolution: every input, at (i, j), adds its kernel to the outputs from (i, j)·stride − padding on.</summary>
    public static double[][] Spread(float[] kernels, ConvolutionWindow w)
    {
        double[][] matrix = [.. Enumerable.Range(0, w.Channels * w.Height * w.Width).Select(_ => new double[w.Filters * w.OutputHeight * w.OutputWidth])];
        int place = 0;
        for (int c = 0; c < w.Filters; c++)
        {
            for (int at = 0; at < w.OutputHeight * w.OutputWidth; at++, place++)
            {
                for (int o = 0; o < w.GroupChannels; o++)
                {
                    for (int tap = 0; tap < w.KernelHeight * w.KernelWidth; tap++)
                    {
                        int y = (at / w.OutputWidth * w.StrideY) - w.Top + (tap / w.KernelWidth * w.DilationY);
                        int x = (at % w.OutputWidth * w.StrideX) - w.Left + (tap % w.KernelWidth * w.DilationX);
                        if (y >= 0 && y < w.Height && x >= 0 && x < w.Width)
                        {
                            int channel = (c / w.GroupFilters * w.GroupChannels) + o;
                            matrix[(((channel * w.Height) + y) * w.Width) + x][place] += kernels[(((c * w.GroupChannels) + o) * w.KernelHeight * w.KernelWidth) + tap];
                        }
                    }
                }
            }
        }

        return matrix;
    }
}

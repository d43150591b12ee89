namespace AuditKit.Imaging.Corruptions;

/// <summary>
/// Canny's edge detector (1986) as OpenCV has it: Sobel gradients of 3×3 pixels, borders repeated; |gx| + |gy| as
/// their magnitude; maxima across the edge in four directions; weak edges kept where strong ones lead to them.
/// </summary>
internal static class Canny
{
    // tan 22.5° in fixed point of 15 bits.
    private const int Tangent = 13573;
    private const int TangentBits = 15;

    private const byte Weak = 1, Strong = 2;

    /// <summary>Marks the edges of a grey image.</summary>
    /// <param name="image">One channel.</param>
    /// <param name="low">An edge is a maximum above this …</param>
    /// <param name="high">… that is connected with one above this.</param>
    /// <returns>For each pixel whether it is on an edge.</returns>
    public static bool[] Edges(Image image, int low, int high)
    {
        (int width, int height) = (image.Width, image.Height);
        var gradient = new (int X, int Y, int Magnitude)[(width + 2) * (height + 2)];
        int stride = width + 2;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> above = Row(y - 1), here = Row(y), below = Row(y + 1);
            for (int x = 0; x < width; x++)
            {
                (int left, int right) = (Math.Max(x - 1, 0), Math.Min(x + 1, width - 1));
                int gx = above[right] + (2 * here[right]) + below[right] - above[left] - (2 * here[left]) - below[left];
                int gy = below[left] + (2 * below[x]) + below[right] - above[left] - (2 * above[x]) - above[right];
                gradient[((y + 1) * stride) + x + 1] = (gx, gy, Math.Abs(gx) + Math.Abs(gy));
            }
        }

        var marks = new byte[gradient.Length];
        var strong = new Stack<int>();
        for (int y = 1; y <= height; y++)
        {
            for (int at = (y * stride) + 1; at <= (y * stride) + width; at++)
            {
                if (gradient[at].Magnitude > low && IsMaximum(gradient, at, stride))
                {
                    marks[at] = gradient[at].Magnitude > high ? Strong : Weak;
                    if (marks[at] == Strong)
                    {
                        strong.Push(at);
                    }
                }
            }
        }

        ReadOnlySpan<int> neighbours = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1];
        while (strong.TryPop(out int at))
        {
            foreach (int neighbour in neighbours)
            {
                if (marks[at + neighbour] == Weak)
                {
                    marks[at + neighbour] = Strong;
                    strong.Push(at + neighbour);
                }
            }
        }

        var edges = new bool[width * height];
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = marks[(((i / width) + 1) * stride) + (i % width) + 1] == Strong;
        }

        return edges;

        ReadOnlySpan<byte> Row(int y) => image.Samples.AsSpan(Math.Clamp(y, 0, height - 1) * width, width);
    }

    // Of two equal neighbours along a row or a column, the first is the maximum.
    private static bool IsMaximum((int X, int Y, int Magnitude)[] gradient, int at, int stride)
    {
        (int gx, int gy, int magnitude) = gradient[at];
        (int x, int y) = (Math.Abs(gx), Math.Abs(gy) << TangentBits);
        int tangent22 = x * Tangent;
        if (y < tangent22)
        {
            return magnitude > gradient[at - 1].Magnitude && magnitude >= gradient[at + 1].Magnitude;
        }

        if (y > tangent22 + (x << (TangentBits + 1)))
        {
            return magnitude > gradient[at - stride].Magnitude && magnitude >= gradient[at + stride].Magnitude;
        }

        int slant = (gx ^ gy) < 0 ? -1 : 1;
        return magnitude > gradient[at - stride - slant].Magnitude && magnitude > gradient[at + stride + slant].Magnitude;
    }
}

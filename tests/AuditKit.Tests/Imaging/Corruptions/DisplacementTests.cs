using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Tests.Imaging.Corruptions;

/// <summary>Corruptions that move pixels: where from, and how far.</summary>
public sealed class DisplacementTests
{
    [Fact]
    public void Glass_shows_each_pixel_one_of_its_neighbours_above_and_left_equally_often()
    {
        // Severity 1 of small images does not blur, and reaches one pixel; the image's samples say where they are.
        var glass = new GlassBlur(1);
        var image = new Image(32, 32, 3, [.. Enumerable.Range(0, 1024).SelectMany(i => new[] { (byte)(8 * (i % 32)), (byte)(8 * (i / 32)), (byte)5 })]);
        int[] counts = new int[4];
        for (int draw = 0; draw < 50; draw++)
        {
            Image seen = glass.Apply(image, CounterRandom.For(1, "glass", draw));
            for (int y = 0; y < 32; y++)
            {
                for (int x = 0; x < 32; x++)
                {
                    (int left, int up) = (x - (seen[y, x, 0] / 8), y - (seen[y, x, 1] / 8));
                    if (x < 2 || y < 2)
                    {
                        Assert.Equal((0, 0), (left, up));
                        continue;
                    }

                    Assert.InRange(left, 0, 1);
                    Assert.InRange(up, 0, 1);
                    counts[left + (2 * up)]++;
                }
            }
        }

        // χ² with 3 degrees of freedom: 99.9 % lie below 16.3.
        double each = counts.Sum() / 4.0;
        Assert.True(counts.Sum(n => (n - each) * (n - each) / each) < 16.3, string.Join(", ", counts));
    }

    [Fact]
    public void An_affine_map_moves_three_corners_uniformly_and_independently()
    {
        const int width = 40, height = 32, side = 10;
        const double reach = 2.5;
        float[] columns = new float[width * height], rows = new float[width * height];
        double[] sums = new double[6], squares = new double[6];
        const int draws = 600;
        for (int draw = 0; draw < draws; draw++)
        {
            ElasticTransform.PlaceAffinely(width, height, reach, CounterRandom.For(1, "affine", draw), columns, rows);

            // From output to input the map is linear: its inverse says where each corner went.
            (double ax, double bx, double cx) = Plane(columns);
            (double ay, double by, double cy) = Plane(rows);
            double determinant = (ax * by) - (bx * ay);
            (double X, double Y)[] corners = [(20 + side, 16 + side), (20 + side, 16 - side), (20 - side, 16 - side)];
            for (int i = 0; i < 3; i++)
            {
                (double u, double v) = (corners[i].X - cx, corners[i].Y - cy);
                double[] moves = [(((by * u) - (bx * v)) / determinant) - corners[i].X, (((ax * v) - (ay * u)) / determinant) - corners[i].Y];
                for (int axis = 0; axis < 2; axis++)
                {
                    Assert.InRange(moves[axis], -reach - 1e-3, reach + 1e-3);
                    sums[(2 * i) + axis] += moves[axis];
                    squares[(2 * i) + axis] += moves[axis] * moves[axis];
                }
            }
        }

        Assert.All(sums, sum => Assert.InRange(sum / draws, -5 * reach / Math.Sqrt(3 * draws), 5 * reach / Math.Sqrt(3 * draws)));
        Assert.All(squares, square => Assert.Equal(reach * reach / 3, square / draws, 0.25));

        (double PerColumn, double PerRow, double Start) Plane(float[] values)
            => ((values[width - 1] - values[0]) / (width - 1.0), (values[(height - 1) * width] - values[0]) / (height - 1.0), values[0]);
    }

    [Fact]
    public void A_displacement_is_smooth_noise_of_the_variance_that_the_kernel_leaves()
    {
        const int side = 64;
        const double displacement = 12, sigma = 2.44;
        float[] columns = new float[side * side], rows = new float[side * side];
        double squares = 0, product = 0;
        const int draws = 20;
        for (int draw = 0; draw < draws; draw++)
        {
            ElasticTransform.Displace(columns, rows, side, side, displacement, sigma, CounterRandom.For(1, "elastic", draw));
            for (int y = 10; y < side - 10; y++)
            {
                for (int x = 10; x < side - 10; x++)
                {
                    (double dx, double dy) = (columns[(y * side) + x] - x, rows[(y * side) + x] - y);
                    squares += (dx * dx) + (dy * dy);
                    product += dx * dy;
                }
            }
        }

        // Var = d²·⅓·(Σk²)², and Σk² of a normal kernel is 1/(2σ√π) but for its cut-off tails.
        double n = draws * (side - 20) * (side - 20);
        double expected = displacement * displacement / 3 / (4 * sigma * sigma * Math.PI);
        Assert.Equal(expected, squares / (2 * n), expected * 0.1);
        Assert.InRange(product / n, -0.1 * expected, 0.1 * expected);
    }
}

using AuditKit.Checks.SimBa;
using AuditKit.Imaging;

namespace AuditKit.Tests.Checks.SimBa;

public sealed class BasisTests
{
    private static readonly InputShape Shape = new(2, 5, 9);

    [Fact]
    public void All_vectors_of_either_basis_are_orthonormal_and_as_many_as_there_are_pixel_values()
    {
        foreach (Basis basis in new Basis[] { new PixelBasis(Shape), new DctBasis(Shape, 100) })
        {
            float[][] vectors = [.. Enumerable.Range(0, basis.Count).Select(vector => Dense(basis, vector, Shape))];
            Assert.Equal(Shape.Length, vectors.Length);
            for (int i = 0; i < vectors.Length; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    Assert.Equal(i == j ? 1 : 0, vectors[i].Zip(vectors[j], (a, b) => (double)a * b).Sum(), 1e-5);
                }
            }
        }
    }

    [Fact]
    public void A_frequency_limit_keeps_the_lowest_ones_of_each_channel_as_the_formula_has_them()
    {
        var basis = new DctBasis(Shape, 3);
        Assert.Equal(2 * 3 * 3, basis.Count);
        for (int vector = 0; vector < basis.Count; vector++)
        {
            (int c, int u, int v) = (vector / 9, vector / 3 % 3, vector % 3);
            float[] q = Dense(basis, vector, Shape);
            for (int i = 0; i < q.Length; i++)
            {
                (int channel, int y, int x) = (i / 45, i / 9 % 5, i % 9);
                double expected = channel != c ? 0
                    : Math.Sqrt((u == 0 ? 1 : 2) / 5.0) * Math.Cos(Math.PI * ((2 * y) + 1) * u / 10)
                    * Math.Sqrt((v == 0 ? 1 : 2) / 9.0) * Math.Cos(Math.PI * ((2 * x) + 1) * v / 18);
                Assert.Equal(expected, q[i], 1e-6);
            }
        }
    }

    [Fact]
    public void The_lowest_frequency_is_the_brightness_of_a_channel()
        => Assert.All(Dense(new DctBasis(Shape, 1), 1, Shape).Skip(45), value => Assert.Equal(1 / Math.Sqrt(45), value, 1e-6));

    internal static float[] Dense(Basis basis, int vector, InputShape shape)
    {
        float[] q = new float[shape.Length];
        basis.Write(vector, q.AsSpan(basis.Support(vector)));
        return q;
    }
}

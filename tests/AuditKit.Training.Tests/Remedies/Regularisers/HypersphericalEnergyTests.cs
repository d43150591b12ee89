using AuditKit.Training.Graphs;
using AuditKit.Training.Tests.Graphs;
using AuditKit.Training.Remedies.Regularisers;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Regularisers;

public sealed class HypersphericalEnergyTests
{
    public static TheoryData<string, int, bool> Cases =>
    [
        .. from name in SampleLayers.All.Keys
           from power in new[] { 0, 1, 2 }
           from halfSpace in new[] { false, true }
           select (name, power, halfSpace),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_energy_is_the_mean_over_all_pairs_of_directions(string name, int power, bool halfSpace)
    {
        LinearLayer layer = SampleLayers.All[name];
        double[][] directions = [.. SampleLayers.Filters(layer).Select(filter => Scaled(filter, 1 / Length(filter)))];
        directions = halfSpace ? [.. directions, .. directions.Select(direction => Scaled(direction, -1))] : directions;
        double sum = 0;
        for (int i = 0; i < directions.Length; i++)
        {
            for (int j = 0; j < directions.Length; j++)
            {
                if (i != j)
                {
                    double distance = Length([.. directions[i].Zip(directions[j], (a, b) => a - b)]);
                    sum += power == 0 ? -Math.Log(distance) : Math.Pow(distance, -power);
                }
            }
        }

        double expected = sum / (directions.Length * (directions.Length - 1));
        Assert.Equal(expected, HypersphericalEnergy.Penalty(layer, power, halfSpace).item<double>(), 1e-9 * Math.Abs(expected));
    }

    [Theory]
    [InlineData("3 by 3", 0, false)]
    [InlineData("stride 2", 1, false)]
    [InlineData("groups", 2, false)]
    [InlineData("matrix", 0, true)]
    [InlineData("transposed, scaled matrix", 2, true)]
    public void Its_gradient_is_that_of_finite_differences(string name, int power, bool halfSpace)
    {
        LinearLayer layer = SampleLayers.All[name];
        FiniteDifferences.AgreeWithAutograd(weights => HypersphericalEnergy.Penalty(layer with { Weights = weights }, power, halfSpace), layer.Weights);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Equal_filters_and_a_single_one_have_a_finite_gradient(bool halfSpace)
    {
        foreach (double[,] rows in new[] { new double[,] { { 1, 2 }, { 1, 2 }, { -1, -2 } }, new double[,] { { 1, 2 } } })
        {
            Tensor weights = tensor(rows).requires_grad_();
            Tensor energy = HypersphericalEnergy.Penalty(new LinearLayer("equal", weights), 2, halfSpace);
            energy.backward();

            Assert.True(double.IsFinite(energy.item<double>()));
            Assert.All(weights.grad!.data<double>(), value => Assert.True(double.IsFinite(value)));
        }
    }

    private static double Length(double[] vector) => Math.Sqrt(vector.Sum(value => value * value));

    private static double[] Scaled(double[] vector, double factor) => [.. vector.Select(value => factor * value)];
}

using AuditKit.Statistics;

namespace AuditKit.Tests.Statistics;

public sealed class AssignmentTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public void The_gain_is_the_largest_of_all_permutations(int size)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = CounterRandom.For(seed, "gain", size);
            int[,] gain = new int[size, size];
            for (int i = 0; i < size * size; i++)
            {
                gain[i / size, i % size] = random.NextInt32(20) - 5;
            }

            int[] best = Assignment.Best(gain);
            Assert.Equal(Enumerable.Range(0, size), best.Order());
            Assert.Equal(Permutations(size).Max(order => Sum(gain, order)), Sum(gain, best));
        }
    }

    [Fact]
    public void A_thousand_classes_are_put_back_in_order()
    {
        int[] order = [.. Enumerable.Range(0, 1000)];
        CounterRandom.For(1, "order", 0).Shuffle(order);
        int[,] gain = new int[1000, 1000];
        for (int i = 0; i < order.Length; i++)
        {
            gain[i, order[i]] = 1;
        }

        Assert.Equal(order, Assignment.Best(gain));
    }

    private static int Sum(int[,] gain, int[] columns) => columns.Index().Sum(each => gain[each.Index, each.Item]);

    private static IEnumerable<int[]> Permutations(int size) => size == 0 ? [[]]
        : Permutations(size - 1).SelectMany(order => Enumerable.Range(0, size).Select(at => (int[])[.. order[..at], size - 1, .. order[at..]]));
}

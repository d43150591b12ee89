using AuditKit.Checks;

namespace AuditKit.Tests.Checks;

/// <summary>Who of several shards does what.</summary>
public sealed class DealTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Images_alone_are_dealt_one_after_the_other(int shards)
    {
        var deal = new Deal([new CheckCost(3), new CheckCost(0) { Attacked = 2 * shards, PerAttacked = 100 }], 1000, shards);

        Assert.Equal(Enumerable.Range(0, 1000).Select(place => place % shards), Enumerable.Range(0, 1000).Select(deal.Owner));
        Assert.Equal(1003 % shards, deal.Owner(1003));
    }

    [Fact]
    public void Shards_differ_by_no_more_than_the_largest_thing_that_was_given()
    {
        CounterRandom random = CounterRandom.For(1, "deals", 0);
        foreach (int _ in Enumerable.Range(0, 200))
        {
            int shards = 1 + random.NextInt32(20), images = 1 + random.NextInt32(3000);
            CheckCost[] costs = [.. Enumerable.Range(0, 3).Select(check => new CheckCost(random.NextInt32(10))
            {
                Attacked = random.NextInt32(100),
                PerAttacked = random.NextInt32(2000),
                Undivided = [.. Enumerable.Range(0, random.NextInt32(5)).Select(
                    work => new KeyValuePair<string, long>($"{check}/{work}", random.NextInt32(20_000)))],
            })];
            var deal = new Deal(costs, images, shards);

            long[] loads = new long[shards];
            long[] things = [.. Enumerable.Range(0, images).Select(
                place => 1 + costs.Sum(cost => cost.PerImage + (place < cost.Attacked ? cost.PerAttacked : 0)))];
            foreach ((int place, long cost) in things.Index())
            {
                loads[deal.Owner(place)] += cost;
            }

            long largest = things.Max();
            foreach ((string work, long cost) in costs.SelectMany(cost => cost.Undivided))
            {
                loads[deal.Owner(work)] += cost;
                largest = Math.Max(largest, cost);
            }

            // Graham: a shard was given its last thing when it had least, so that no other ends far below.
            Assert.True(loads.Max() - (loads.Sum() / (double)shards) <= largest);
        }
    }

    [Fact]
    public void Work_that_is_not_divided_is_made_up_for_by_images()
    {
        var deal = new Deal([new CheckCost(0) { Undivided = [new("a", 100), new("b", 100)] }], 400, 3);

        Assert.NotEqual(deal.Owner("a"), deal.Owner("b"));
        Assert.Equal([100, 100, 200], deal.Owners(5, 400).CountBy(owner => owner).Select(count => count.Value).Order());
        Assert.Equal([133, 134, 134], deal.Owners(5, 401).CountBy(owner => owner).Select(count => count.Value).Order());
    }

    [Fact]
    public void Who_does_undivided_work_reads_all_images_and_everybody_those_that_are_attacked()
    {
        var deal = new Deal([new CheckCost(0) { Attacked = 7, PerAttacked = 2, Undivided = [new("a", 100)] }], 400, 3);
        Assert.Equal([7, 7, 400], Enumerable.Range(1, 3).Select(number => deal.Shown(new Shard(number, 3), 5, 400).Count(shown => shown)).Order());
        Assert.DoesNotContain(true, deal.Shown(new Shard(1, 3), 5, 399));
    }
}

namespace AuditKit.Checks;

/// <summary>Which images are attacked. All attacks go through the images in one order, so that their samples overlap and can be compared.</summary>
internal static class AttackSample
{
    /// <summary>All images of a data set in an order drawn by the audit's seed.</summary>
    /// <param name="seed">The audit's seed.</param>
    /// <param name="images">Number of images.</param>
    public static int[] Order(long seed, int images)
    {
        int[] order = [.. Enumerable.Range(0, images)];
        CounterRandom.For(seed, "simba/images", 0).Shuffle(order);
        return order;
    }
}

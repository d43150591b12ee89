namespace AuditKit.Checks;

/// <summary>Which images are attacked. All attacks go through the images in one order, so that their samples overlap and can be compared.</summary>
internal static class AttackSample
{
    /// <summary>All images in an order drawn by the audit's seed.</summary>
    public static int[] Order(CheckContext context)
    {
        int[] order = [.. Enumerable.Range(0, context.Data.Count)];
        CounterRandom.For(context.Seed, "simba/images", 0).Shuffle(order);
        return order;
    }
}

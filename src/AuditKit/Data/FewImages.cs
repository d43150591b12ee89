namespace AuditKit.Data;

/// <summary>Few images of each class to learn from, as transfer is tried on: <c>per-class: 10</c> of a recipe.</summary>
internal static class FewImages
{
    /// <summary>Draws among the images that may be learnt from; those that are held out stay held out.</summary>
    /// <param name="data">The data.</param>
    /// <param name="images">Indices to draw from.</param>
    /// <param name="perClass">Images of each class.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>Indices, class by class.</returns>
    /// <exception cref="AuditException">A class has fewer.</exception>
    public static int[] Draw(IDataset data, IReadOnlyList<int> images, int perClass, long seed)
    {
        ILookup<int, int> byClass = images.Order().ToLookup(data.Label);
        return [.. Enumerable.Range(0, data.Classes.Count).SelectMany(c =>
        {
            int[] order = [.. byClass[c]];
            CounterRandom.For(seed, "training/per class", c).Shuffle(order);
            return order.Length >= perClass ? order[..perClass]
                : throw new AuditException($"{data.Name} has {order.Length} images of {data.Classes[c]} to learn from, beside those held out: fewer than "
                    + $"per-class: {perClass}.");
        })];
    }
}

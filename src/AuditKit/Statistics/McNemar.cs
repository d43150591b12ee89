namespace AuditKit.Statistics;

/// <summary>McNemar's test (1947) in its exact form: do two classifiers err equally often on the same images?</summary>
public static class McNemar
{
    /// <summary>
    /// The two-sided p-value: given the images that exactly one of the two got right, each is equally likely to be
    /// either's, so the smaller count is compared with a fair coin's.
    /// </summary>
    /// <param name="onlyFirst">Images that only the first classified correctly.</param>
    /// <param name="onlySecond">Images that only the second classified correctly.</param>
    public static double Test(int onlyFirst, int onlySecond)
        => Math.Min(1, 2 * BinomialTest.AtLeast(new Proportion(Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond), 0.5));
}

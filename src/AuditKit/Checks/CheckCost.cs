namespace AuditKit.Checks;

/// <summary>What a check costs, in images shown to a model: an estimate, by which shards are made equal. Predictions of the images as they are, which
/// checks have in common, are not counted.</summary>
/// <param name="PerImage">For each image of the audited data.</param>
public sealed record CheckCost(long PerImage)
{
    /// <summary>How many images are attacked besides.</summary>
    public int Attacked { get; init; }

    /// <summary>For each attacked image.</summary>
    public long PerAttacked { get; init; }

    /// <summary>Work that has to be done in one place, each with what tells it from other such work of the audit.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Undivided { get; init; } = [];
}

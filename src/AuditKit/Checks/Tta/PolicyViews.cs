using AuditKit.Imaging;

namespace AuditKit.Checks.Tta;

/// <summary>A policy found by GPS: sample s is made by sub-policy s.</summary>
/// <param name="key">How specs call it: its file's name without ending.</param>
/// <param name="policy">The policy.</param>
public sealed class PolicyViews(string key, TtaPolicy policy) : IViews
{
    /// <summary>The policy.</summary>
    public TtaPolicy Policy { get; } = policy;

    /// <inheritdoc/>
    public string Key { get; } = key;

    /// <inheritdoc/>
    public string Name { get; } = $"{key}-{policy.Digest}";

    /// <inheritdoc/>
    public string Description => $"a policy of {Policy.SubPolicies.Count} sub-policies; {Policy.Origin}";

    /// <inheritdoc/>
    public int? Samples => Policy.SubPolicies.Count;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random) => Policy.SubPolicies[sample].Apply(image, input, random);
}

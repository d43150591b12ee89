using AuditKit.Imaging;

namespace AuditKit.Checks.Tta;

/// <summary>A policy found by GPS: sample s is made by sub-policy s.</summary>
/// <param name="name">What the report calls it, the policy's digest included.</param>
/// <param name="policy">The policy.</param>
public sealed class PolicyViews(string name, TtaPolicy policy) : IViews
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Description => $"a policy of {policy.SubPolicies.Count} sub-policies; {policy.Origin}";

    /// <inheritdoc/>
    public int? Samples => policy.SubPolicies.Count;

    /// <inheritdoc/>
    public Image Make(Image image, InputShape input, int sample, CounterRandom random) => policy.SubPolicies[sample].Apply(image, random);
}

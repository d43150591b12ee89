using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.Regularisers;
using AuditKit.Training.Remedies.Transfer;
using AuditKit.Yaml;

namespace AuditKit.Training.Remedies;

/// <summary>The methods that a recipe's <c>method:</c> block can name.</summary>
public static class MethodCatalog
{
    /// <summary>The block: <c>name</c>, and the method's own keys. Without one, <see cref="Erm"/>.</summary>
    public static NamedBlockKey<MethodFactory> Key { get; } = new(
        "method",
        "What is descended",
        new Dictionary<string, NamedBlock<MethodFactory>>
        {
            ["erm"] = new([], Erm.Parse),
            ["gdro"] = new(Gdro.Keys, Gdro.Parse),
            ["aairm"] = new(Aairm.Keys, Aairm.Parse),
            ["clamp"] = new(Clamp.Clamp.Keys, Clamp.Clamp.Parse),
            ["stability"] = new(Stability.Keys, Stability.Parse),
            ["adversarial"] = new(Adversarial.Keys, Adversarial.Parse),
            ["augmix"] = new(AugMix.Keys, AugMix.Parse),
            ["frame"] = new(Frame.Keys, Frame.Parse),
            ["mhe"] = new(HypersphericalEnergy.Keys, HypersphericalEnergy.Parse),
            ["soft-orthogonality"] = new(SoftOrthogonality.Keys, SoftOrthogonality.Parse),
            ["srip"] = new(SpectralRestrictedIsometry.Keys, SpectralRestrictedIsometry.Parse),
            ["l2-sp"] = new(L2Sp.Keys, L2Sp.Parse),
            ["delta"] = new(Delta.Keys, Delta.Parse),
            ["wasserstein"] = new(WassersteinCritics.Keys, WassersteinCritics.Parse),
            ["orthogonal-convolution"] = new(OrthogonalConvolution.Keys, OrthogonalConvolution.Parse),
        },
        "erm");
}

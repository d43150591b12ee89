using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.LastLayer;
using AuditKit.Training.Remedies.Regularisers;
using AuditKit.Training.Remedies.Sparse;
using AuditKit.Training.Remedies.Transfer;
using AuditKit.Training.Remedies.WeightPrior;
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
            ["erm"] = new(Erm.Keys, Erm.Parse),
            ["gdro"] = new(Gdro.Keys, Gdro.Parse),
            ["aairm"] = new(Aairm.Keys, Aairm.Parse),
            ["dfr"] = new(Dfr.Keys, Dfr.Parse),
            ["afr"] = new(Afr.Keys, Afr.Parse),
            ["jtt"] = new(Jtt.Keys, Jtt.Parse),
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
            ["sparse-variational-dropout"] = new(SparseVariationalDropout.Keys, SparseVariationalDropout.Parse),
            ["magnitude-pruning"] = new(MagnitudePruning.Keys, MagnitudePruning.Parse),
            ["dynamic-network-surgery"] = new(DynamicNetworkSurgery.Keys, DynamicNetworkSurgery.Parse),
            ["soft-weight-sharing"] = new(SoftWeightSharing.Keys, SoftWeightSharing.Parse),
            ["orthogonal-convolution"] = new(OrthogonalConvolution.Keys, OrthogonalConvolution.Parse),
            ["variational"] = new(Variational.Keys, Variational.Parse),
        },
        "erm");
}

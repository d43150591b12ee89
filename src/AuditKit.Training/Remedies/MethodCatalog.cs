using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.Regularisers;
using AuditKit.Yaml;

namespace AuditKit.Training.Remedies;

/// <summary>The methods that a recipe's <c>method:</c> block can name.</summary>
public static class MethodCatalog
{
    private static readonly Dictionary<string, Func<SpecMap, MethodFactory>> _methods = new()
    {
        ["erm"] = Erm.Parse,
        ["gdro"] = Gdro.Parse,
        ["aairm"] = Aairm.Parse,
        ["clamp"] = Clamp.Clamp.Parse,
        ["stability"] = Stability.Parse,
        ["adversarial"] = Adversarial.Parse,
        ["augmix"] = AugMix.Parse,
        ["frame"] = Frame.Parse,
        ["mhe"] = HypersphericalEnergy.Parse,
        ["soft-orthogonality"] = SoftOrthogonality.Parse,
        ["srip"] = SpectralRestrictedIsometry.Parse,
        ["orthogonal-convolution"] = OrthogonalConvolution.Parse,
    };

    /// <summary>The methods' names.</summary>
    public static IReadOnlyCollection<string> Names => _methods.Keys;

    /// <summary>Reads a recipe's <c>method:</c> block: <c>name</c>, and the method's own keys. Without one, <see cref="Erm"/>.</summary>
    /// <exception cref="AuditException">An unknown method or key, or a value out of range.</exception>
    public static MethodFactory Parse(SpecMap? map)
    {
        if (map is null)
        {
            return _ => new Erm();
        }

        MethodFactory factory = map.Choice("name", _methods, Erm.Parse)(map);
        map.Finish();
        return factory;
    }
}

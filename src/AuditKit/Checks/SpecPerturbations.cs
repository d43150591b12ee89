using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Yaml;

namespace AuditKit.Checks;

/// <summary>Lists of perturbations in a spec.</summary>
internal static class SpecPerturbations
{
    /// <summary>The perturbations that a key lists, no two the same.</summary>
    /// <param name="map">The options.</param>
    /// <param name="key">The list's key.</param>
    /// <exception cref="AuditException">There is no such perturbation, or one is named twice.</exception>
    public static IReadOnlyList<IPerturbation> OptionalPerturbations(this SpecMap map, string key)
        => map.List(key, PerturbationCatalog.Parse, perturbation => perturbation.Name, []);

    /// <summary>The same of a key that must list at least one.</summary>
    /// <inheritdoc cref="OptionalPerturbations"/>
    public static IReadOnlyList<IPerturbation> Perturbations(this SpecMap map, string key)
        => map.List(key, PerturbationCatalog.Parse, perturbation => perturbation.Name) is { Count: > 0 } perturbations
            ? perturbations
            : throw map.Error(key, "name at least one perturbation, such as jpeg-50.");

    /// <summary>Refuses perturbations that cannot be applied to images of the first one's size: no other is looked at.</summary>
    /// <param name="perturbations">The perturbations.</param>
    /// <param name="key">The spec key that lists them: <c>checks.stability.perturbations</c>.</param>
    /// <param name="data">The images.</param>
    /// <exception cref="AuditException">One cannot be applied.</exception>
    public static void RequireFit(IReadOnlyList<IPerturbation> perturbations, string key, IDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (IPerturbation perturbation in perturbations)
        {
            try
            {
                perturbation.Apply(data.Load(0), CounterRandom.For(0, "fit", 0));
            }
            catch (AuditException e)
            {
                throw new AuditException($"{key}: {e.Message}", inner: e);
            }
        }
    }
}

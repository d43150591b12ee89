using AuditKit.Imaging;
using AuditKit.Specs;

namespace AuditKit.Checks;

/// <summary>Lists of perturbations in a spec.</summary>
internal static class SpecPerturbations
{
    /// <summary>The perturbations that a key lists.</summary>
    /// <param name="map">The options.</param>
    /// <param name="key">The list's key.</param>
    /// <param name="otherwise">What an absent key means; null where it may not be absent.</param>
    /// <exception cref="AuditException">There is no such perturbation, or one is named twice.</exception>
    public static IReadOnlyList<IPerturbation> Perturbations(this SpecMap map, string key, IReadOnlyList<string>? otherwise = null)
    {
        var perturbations = new List<IPerturbation>();
        foreach (string name in map.List(key, otherwise))
        {
            IPerturbation perturbation;
            try
            {
                perturbation = PerturbationCatalog.Parse(name);
            }
            catch (AuditException e)
            {
                throw map.Error(key, e.Message);
            }

            perturbations.Add(perturbations.Exists(other => other.Name == perturbation.Name)
                ? throw map.Error(key, $"'{perturbation.Name}' is named twice.")
                : perturbation);
        }

        return perturbations;
    }
}

using System.Text.Json.Nodes;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Yaml;

namespace AuditKit.Checks;

/// <summary>A spec's list of perturbations, <c>[jpeg-50, crop-2]</c>, no two the same.</summary>
/// <param name="key">The key.</param>
/// <param name="description">What they are for.</param>
internal sealed class PerturbationsKey(string key, string description) : SpecKey(key, description)
{
    /// <summary>Reads the key.</summary>
    /// <exception cref="AuditException">There is no such perturbation, one is named twice, or none is named where one must be.</exception>
    public IReadOnlyList<IPerturbation> Read(SpecMap map)
        => map.List(Key, PerturbationCatalog.Parse, perturbation => perturbation.Name, IsRequired ? null : []) is { Count: > 0 } named ? named
            : IsRequired ? throw map.Error(Key, "name at least one perturbation, such as jpeg-50.")
            : [];

    /// <summary>A list set in code.</summary>
    /// <exception cref="ArgumentException">One is named twice, or none is named where one must be.</exception>
    public IReadOnlyList<IPerturbation> Require(IReadOnlyList<IPerturbation> perturbations)
        => (IsRequired && perturbations.Count == 0) || perturbations.DistinctBy(each => each.Name).Count() < perturbations.Count
            ? throw new ArgumentException($"'{Key}' needs {(IsRequired ? "one or more " : "")}different perturbations.", nameof(perturbations))
            : perturbations;

    /// <summary>Refuses perturbations that cannot be applied to images of the first one's size: no other is looked at.</summary>
    /// <param name="perturbations">The perturbations.</param>
    /// <param name="check">The check that lists them.</param>
    /// <param name="data">The images.</param>
    /// <exception cref="AuditException">One cannot be applied.</exception>
    public void RequireFit(IReadOnlyList<IPerturbation> perturbations, string check, IDataset data)
    {
        foreach (IPerturbation perturbation in perturbations)
        {
            try
            {
                perturbation.Apply(data.Load(0), CounterRandom.For(0, "fit", 0));
            }
            catch (AuditException e)
            {
                throw new AuditException($"checks.{check}.{Key}: {e.Message}", inner: e);
            }
        }
    }

    /// <inheritdoc/>
    protected override JsonObject Values() => OneOrMore(new JsonObject { ["type"] = "string" });
}

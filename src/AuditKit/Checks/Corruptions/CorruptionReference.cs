using AuditKit.Imaging.Corruptions;
using AuditKit.Models;
using AuditKit.Yaml;

namespace AuditKit.Checks.Corruptions;

/// <summary>
/// A model whose errors are the unit of the mCE: CE_c = Σ_s E_cs / Σ_s E_cs(reference), and the mCE is the mean of CE_c
/// (Hendrycks and Dietterich 2019). Either its errors are known, or it is run on the same images.
/// </summary>
public sealed record CorruptionReference
{
    /// <summary>The key in specs.</summary>
    internal const string Key = "reference";

    // AlexNet on ImageNet-C, top-1 error in per cent averaged over the five severities: the reference of the paper,
    // as published with it.
    private static readonly Dictionary<string, double> AlexNet = new()
    {
        ["gaussian-noise"] = 0.886428,
        ["shot-noise"] = 0.894468,
        ["impulse-noise"] = 0.922640,
        ["defocus-blur"] = 0.819880,
        ["glass-blur"] = 0.826268,
        ["motion-blur"] = 0.785948,
        ["zoom-blur"] = 0.798360,
        ["snow"] = 0.866816,
        ["frost"] = 0.826572,
        ["fog"] = 0.819324,
        ["brightness"] = 0.564592,
        ["contrast"] = 0.853204,
        ["elastic-transform"] = 0.646056,
        ["pixelate"] = 0.717840,
        ["jpeg-compression"] = 0.606500,
    };

    /// <summary>What reports call the model.</summary>
    public required string Name { get; init; }

    /// <summary>Its error under each of the benchmark's corruptions, averaged over severities; null where it is run instead.</summary>
    public IReadOnlyDictionary<string, double>? Errors { get; init; }

    /// <summary>The model to be run; null where its errors are known.</summary>
    public ModelSpec? Model { get; init; }

    /// <summary>
    /// Reads <c>reference: alexnet</c>, <c>reference: { name: my baseline, errors: { fog: 0.31, … } }</c> or
    /// <c>reference: { name: ResNet-18, model: { path: …, mean: …, std: … } }</c>.
    /// </summary>
    /// <param name="map">The block <c>corruptions</c>.</param>
    /// <param name="folder">The spec's folder.</param>
    /// <param name="options">Which corruptions and severities need an error.</param>
    /// <returns>Null where the key is absent.</returns>
    /// <exception cref="AuditException">Neither form, an error that is missing or no proportion above 0, AlexNet for less than its five severities.</exception>
    internal static CorruptionReference? Parse(SpecMap map, string folder, CorruptionsOptions options)
    {
        if (!map.Has(Key))
        {
            return null;
        }

        if (map.IsSingle(Key))
        {
            return map.Text(Key) != "alexnet"
                ? throw map.Error(Key, $"'{map.Text(Key)}' is no known reference; give 'alexnet', or name with errors or model.")
                : options.Severities.Count < Corruption.Severities
                ? throw map.Error(Key, "AlexNet's errors are averages over five severities; leave out 'severities'.")
                : new CorruptionReference { Name = "AlexNet on ImageNet-C, as published", Errors = AlexNet };
        }

        SpecMap block = map.Map(Key);
        string name = block.Title("name");
        SpecMap? errors = block.OptionalMap("errors"), model = block.OptionalMap("model");
        block.Finish();
        if ((errors is null) == (model is null))
        {
            throw block.Error("errors", $"'{block.Path}' needs 'errors' or a 'model', one of them.");
        }

        var reference = new CorruptionReference
        {
            Name = name,
            Errors = errors is null ? null : options.Averaged.ToDictionary(kind => kind.Name, kind => errors.Number(kind.Name, null, 1e-6, 1)),
            Model = model is null ? null : ModelSpec.Parse(model, folder, mustExist: false),
        };
        errors?.Finish();
        return reference;
    }
}

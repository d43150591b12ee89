using System.Text.Json.Nodes;
using AuditKit.Checks;
using AuditKit.Yaml;

namespace AuditKit.Training.Remedies;

/// <summary><c>distortion: { gaussian: 0.04 }</c>, or names of perturbations: <c>jpeg-50</c>, <c>[jpeg-50, crop-2]</c>.</summary>
internal sealed class DistortionKey : SpecKey
{
    private static readonly NumberKey s_gaussian = new("gaussian", "The standard deviation of the noise, pixels in [0, 1]", null, 1e-6, 10)
    { IsRequired = true };

    private readonly PerturbationsKey _perturbations;

    /// <summary>The key.</summary>
    public DistortionKey()
        : base("distortion", "What is done to the copies of the images: noise, or perturbations of which one is drawn")
    {
        IsRequired = true;
        _perturbations = new PerturbationsKey(Key, "Perturbations of which one is drawn for every image") { IsRequired = true };
    }

    /// <summary>Reads the key.</summary>
    /// <exception cref="AuditException">It is missing, or there is no such distortion.</exception>
    public Distortion Read(SpecMap map)
    {
        if (!map.IsMapping(Key))
        {
            return new Distortion(0, _perturbations.Read(map));
        }

        SpecMap noise = map.Map(Key);
        var distortion = new Distortion(s_gaussian.Read(noise), []);
        noise.Finish();
        return distortion;
    }

    /// <inheritdoc/>
    protected override JsonObject Values() => new() { ["anyOf"] = new JsonArray(_perturbations.Schema(), Block([s_gaussian])) };
}

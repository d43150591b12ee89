using AuditKit.Data;

namespace AuditKit.Specs;

/// <summary>An audit as its YAML file asks for it, validated: everything that can be refused has been refused.</summary>
public sealed record AuditSpec
{
    /// <summary>The audit's name; the run's folder is named after it.</summary>
    public required string Name { get; init; }

    /// <summary>The full path of the file's folder, which relative paths start from.</summary>
    public required string Folder { get; init; }

    /// <summary>The model under audit.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The data that it is audited on.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>The seed of every random draw.</summary>
    public required long Seed { get; init; }

    /// <summary>Confidence level of intervals and gates, such as 0.95.</summary>
    public required double Confidence { get; init; }

    /// <summary>The <c>checks:</c> block; <see cref="Checks.CheckCatalog"/> reads it once the data's attributes are known.</summary>
    public required SpecMap Checks { get; init; }

    /// <summary>What the provider says of itself and the system.</summary>
    public required IReadOnlyList<Fact> Provider { get; init; }

    /// <summary>The spec's text as it is run, overrides applied.</summary>
    public required string Text { get; init; }

    /// <summary>Reads a spec.</summary>
    /// <param name="file">The YAML file.</param>
    /// <param name="overrides"><c>key=value</c> assignments that replace values of the file.</param>
    /// <exception cref="AuditException">The file cannot be read, or a key or value cannot be used; the message has line and column.</exception>
    public static AuditSpec Load(string file, IReadOnlyList<string> overrides)
    {
        string text = SpecMap.ReadFile(file);
        SpecMap map = SpecMap.Parse(file, text);
        foreach (string assignment in overrides)
        {
            map.Set(assignment);
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var spec = new AuditSpec
        {
            Name = map.Text("name"),
            Folder = folder,
            Model = ModelSpec.Parse(map.Map("model"), folder),
            Data = DataSpec.Parse(map.Map("data"), folder),
            Seed = map.Long("seed", null, 0, long.MaxValue),
            Confidence = map.Number("confidence", 0.95, 0.5, 0.9999),
            Checks = map.Map("checks"),
            Provider = ProviderSpec.Parse(map.OptionalMap("provider")),
            Text = overrides.Count == 0 ? text : map.ToYaml(),
        };
        map.Finish();
        return spec;
    }
}

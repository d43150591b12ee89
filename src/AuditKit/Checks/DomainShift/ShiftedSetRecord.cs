using System.Text.Json;
using System.Text.Json.Serialization;
using AuditKit.Data;
using AuditKit.Evidence;

namespace AuditKit.Checks.DomainShift;

/// <summary>What a shifted set was, as the evidence keeps it.</summary>
internal sealed record ShiftedSetRecord
{
    private const string Heading = "domain-shift/";

    /// <summary>The data set's name in the evidence: a digest over its files, its images and their labels.</summary>
    public required string Dataset { get; init; }

    /// <summary>What the data calls itself.</summary>
    public required string Name { get; init; }

    /// <summary>Its format.</summary>
    public required string Format { get; init; }

    /// <summary>SHA-256 over all files (<see cref="DatasetFingerprint"/>).</summary>
    public required string Sha256 { get; init; }

    /// <summary>The attributes that come with it.</summary>
    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>How many of its images are the first of several in their file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int SeveralFrames { get; init; }

    /// <summary>Describes an opened set.</summary>
    public static ShiftedSetRecord Of(IDataset data, FurtherDataset identity) => new()
    {
        Dataset = identity.Name,
        Name = data.Name,
        Format = data.Format,
        Sha256 = identity.Sha256,
        Attributes = data.Attributes,
        SeveralFrames = identity.SeveralFrames,
    };

    /// <summary>Keeps it under the name that the spec gives the set.</summary>
    public void Write(EvidenceStore evidence, string set) => evidence.WriteFact(Key(set), JsonSerializer.Serialize(this));

    /// <summary>What is kept under a set's name.</summary>
    /// <exception cref="AuditException">The set was never measured.</exception>
    public static ShiftedSetRecord Read(EvidenceStore evidence, string set)
        => evidence.Fact(Key(set)) is { } text
            ? StoredJson.Read<ShiftedSetRecord>(text, $"record of the shifted set '{set}'")
            : throw new AuditException($"The evidence has nothing about the shifted set '{set}': run the audit to its end first.", ExitCode.Error);

    /// <summary>All that was kept, with the names that the spec gives the sets.</summary>
    public static IEnumerable<(string Name, ShiftedSetRecord Record)> All(EvidenceStore evidence)
        => evidence.FactKeys.Where(key => key.StartsWith(Heading, StringComparison.Ordinal))
            .Select(key => (key[Heading.Length..], Read(evidence, key[Heading.Length..])));

    private static string Key(string set) => Heading + set;
}

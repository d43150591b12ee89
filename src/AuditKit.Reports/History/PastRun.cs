using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuditKit.Evidence;
using AuditKit.Reports.Json;
using AuditKit.Results;
using AuditKit.Statistics;

namespace AuditKit.Reports.History;

/// <summary>A finished run as its <c>report.json</c> has it.</summary>
public sealed record PastRun
{
    /// <summary>Characters of a digest that tell runs apart for people.</summary>
    private const int Short = 8;

    /// <summary>The run's folder, as it was given.</summary>
    public required string Folder { get; init; }

    /// <summary>When the run's evidence was last written, or its report where the evidence is not kept.</summary>
    public required DateTime Written { get; init; }

    /// <summary>The audit's name.</summary>
    public required string Name { get; init; }

    /// <summary>The run's verdict.</summary>
    public required GateOutcome Verdict { get; init; }

    /// <summary>The model's file and the first characters of its SHA-256.</summary>
    public required string Model { get; init; }

    /// <summary>The data's name and the first characters of a digest of all that the report says of them.</summary>
    public required string Data { get; init; }

    /// <summary>The first characters of the SHA-256 of the spec as it was run.</summary>
    public required string Spec { get; init; }

    /// <summary>The figures with a threshold, in the report's order.</summary>
    public required IReadOnlyList<Finding> Gates { get; init; }

    /// <summary>Reads a run's folder.</summary>
    /// <exception cref="AuditException">The folder has no report, or one that cannot be read.</exception>
    public static PastRun Read(string folder)
    {
        string report = Path.Combine(folder, new JsonReport().FileName);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(report));
            string evidence = Path.Combine(folder, RunFolder.EvidenceFile);
            return Of(document.RootElement, folder, File.GetLastWriteTimeUtc(File.Exists(evidence) ? evidence : report));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new AuditException($"{folder} holds no finished run: {e.Message}", inner: e);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new AuditException($"{report} is no report of this program: {e.Message}", inner: e);
        }
    }

    private static PastRun Of(JsonElement report, string folder, DateTime written)
    {
        int version = report.GetProperty("schemaVersion").GetInt32();
        return version == JsonReport.SchemaVersion
            ? new PastRun
            {
                Folder = folder,
                Written = written,
                Name = Text(report, "name"),
                Verdict = Outcome(Text(report, "verdict")),
                Model = $"{Fact(report, "model", "File")} {Cut(Fact(report, "model", "SHA-256"))}",
                Data = $"{Fact(report, "data", "Name")} {Cut(Digest(report.GetProperty("data").GetRawText()))}",
                Spec = Cut(Digest(Text(report, "spec"))),
                Gates =
                [
                    .. report.GetProperty("sections").EnumerateArray().SelectMany(section => section.GetProperty("findings").EnumerateArray())
                        .Select(Finding).Where(finding => finding.Outcome is not GateOutcome.NotGated),
                ],
            }
            : throw new FormatException($"its schema has version {version}, this program reads {JsonReport.SchemaVersion}");
    }

    private static Finding Finding(JsonElement finding) => new()
    {
        Check = Text(finding, "check"),
        Metric = Text(finding, "metric"),
        Subject = Text(finding, "subject"),
        IsProportion = finding.GetProperty("isProportion").GetBoolean(),
        Estimate = Number(finding.GetProperty("estimate")),
        Interval = finding.GetProperty("interval") is { ValueKind: JsonValueKind.Object } interval
            && Number(interval.GetProperty("lower")) is { } lower && Number(interval.GetProperty("upper")) is { } upper ? new Interval(lower, upper) : null,
        Count = finding.GetProperty("count").GetInt32(),
        Threshold = finding.GetProperty("threshold") is { ValueKind: JsonValueKind.Object } threshold && Number(threshold.GetProperty("value")) is { } value
            ? new Threshold(Text(threshold, "kind") == "atLeast" ? ThresholdKind.AtLeast : ThresholdKind.AtMost, value, Text(threshold, "key"))
            : null,
        Outcome = Outcome(Text(finding, "outcome")),
        Reason = Text(finding, "reason"),
    };

    private static GateOutcome Outcome(string name) => Enum.TryParse(name, ignoreCase: true, out GateOutcome outcome) && Enum.IsDefined(outcome)
        ? outcome
        : throw new FormatException($"'{name}' is no outcome");

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    private static double? Number(JsonElement value) => value.ValueKind is JsonValueKind.Null ? null : value.GetDouble();

    private static string Fact(JsonElement report, string list, string label)
        => report.GetProperty(list).EnumerateArray().Where(fact => Text(fact, "label") is var name && (name == label || name == $"Candidate: {label}"))
            .Select(fact => Text(fact, "value")).FirstOrDefault("");

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Cut(string digest) => digest.Length > Short ? digest[..Short] : digest;
}

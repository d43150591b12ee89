using System.Text.Json;
using AuditKit.Evidence;
using AuditKit.Results;

namespace AuditKit.Comparisons;

/// <summary>
/// What was done to a model that had failed an audit: kept with the evidence of the audit of what came out, whose
/// report it is a part of.
/// </summary>
public sealed record Mitigation
{
    /// <summary>The section's name in reports.</summary>
    public const string Check = "mitigations";

    private static readonly MethodText s_text = MethodText.Of<Mitigation>();

    /// <summary>What was done, in the field's words: <c>group DRO</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Why this method, in whole sentences.</summary>
    public required string Reason { get; init; }

    /// <summary>How it was done, to be done again: a recipe's YAML, or a sentence.</summary>
    public required string Recipe { get; init; }

    /// <summary>SHA-256 of the model that had failed, lower-case hex.</summary>
    public required string FailedModel { get; init; }

    /// <summary>The gated findings of the audit that had failed.</summary>
    public required IReadOnlyList<FindingBefore> Before { get; init; }

    /// <summary>What was tried on images that no audit judges, and what came out; empty where there was no choice.</summary>
    public IReadOnlyList<MitigationTrial> Trials { get; init; } = [];

    /// <summary>Methods for what had failed that could not be used, and why, a phrase each.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>Whether the spec names a baseline of its own, with which the new model is compared in place of the failed one.</summary>
    public bool HasOtherBaseline { get; init; }

    /// <summary>The images of the trials, in words; empty where there was none.</summary>
    public string TrialData { get; init; } = "";

    /// <summary>Keeps it with the evidence of the new audit.</summary>
    internal void Write(EvidenceStore evidence) => evidence.WriteRecord(Check, JsonSerializer.Serialize(this));

    /// <summary>What was kept; null where nothing had been done to the model.</summary>
    /// <exception cref="AuditException">The record is damaged.</exception>
    internal static Mitigation? Read(EvidenceStore evidence)
        => evidence.Record(Check) is { } text ? StoredJson.Read<Mitigation>(text, "record of what was done to the model") : null;

    /// <summary>The section <c>Mitigations tried</c>: every gated finding before and after.</summary>
    /// <param name="after">The sections of the new audit.</param>
    internal Section Describe(IReadOnlyList<Section> after)
    {
        Dictionary<string, Finding> now = after.SelectMany(section => section.Findings).DistinctBy(finding => finding.Id).ToDictionary(finding => finding.Id);
        (FindingBefore Before, Finding After)[] both = [.. Before.Where(finding => now.ContainsKey(finding.Id)).Select(finding => (finding, now[finding.Id]))];
        var mended = both.Where(pair => pair.Before.Outcome != GateOutcome.Pass && pair.After.Outcome == GateOutcome.Pass).ToArray();
        var broken = both.Where(pair => pair.Before.Outcome == GateOutcome.Pass
            && pair.After.Outcome is GateOutcome.Fail or GateOutcome.Inconclusive or GateOutcome.Error).ToArray();
        return new Section
        {
            Check = Check,
            Title = "Mitigations tried",
            Summary = $"The model with SHA-256 {FailedModel[..16]}… had failed this audit. What was done: {Method}. {Reason} "
                + $"Of {NumberText.Count(both.Length, "gated finding", "gated findings")}, {NumberText.Count(mended.Length)} that blocked "
                    + $"now {(mended.Length == 1 ? "passes" : "pass")}, and {NumberText.Count(broken.Length)} that passed now "
                    + $"{(broken.Length == 1 ? "blocks" : "block")}.",
            Method =
            [
                s_text.Paragraph("before-and-after"),
                s_text.Paragraph(HasOtherBaseline ? "other-baseline" : "compared"),
                .. Trials.Count == 0 ? Array.Empty<string>() : [s_text.Paragraph("trials", ("data", TrialData))],
                s_text.Paragraph("recipe", ("recipe", Recipe)),
            ],
            Findings = [],
            Tables =
            [
                .. Trials.Count == 0 ? [] : MitigationTrial.Tables(Trials),
                .. Excluded.Count == 0 ? Array.Empty<Table>() : [new Table("What could not be used here", ["Method, and why"], [.. Excluded.Select(why => new[] { why })])],
                .. Rows("What still blocks", both.Where(pair => pair.After.Outcome != GateOutcome.Pass)),
                .. Rows("What passes now", mended),
                .. Rows("What passed before and passes still", both
                    .Where(pair => pair.Before.Outcome == GateOutcome.Pass && pair.After.Outcome == GateOutcome.Pass)),
            ],
        };
    }

    private static IEnumerable<Table> Rows(string title, IEnumerable<(FindingBefore Before, Finding After)> pairs)
    {
        string[][] rows =
        [
            .. pairs.Select(pair => new[]
            {
                pair.Before.Id, pair.Before.WithInterval(), FindingBefore.Of(pair.After).WithInterval(), Demanded(pair.After),
                $"{Word(pair.Before.Outcome)} → {Word(pair.After.Outcome)}",
            }),
        ];
        return rows.Length == 0 ? [] : [new Table(title, ["Finding", "Before", "After", "Demanded", "Outcome"], rows)];
    }

    private static string Demanded(Finding finding) => finding.Threshold is { } threshold
        ? $"{threshold.Sign} {NumberText.Exact(threshold.Value, finding.IsProportion)}"
        : "";

    private static string Word(GateOutcome outcome) => outcome.ToString().ToLowerInvariant();
}

/// <summary>A gated finding of the audit that had failed.</summary>
/// <param name="Id">Its <see cref="Finding.Id"/>.</param>
/// <param name="Estimate">What was measured.</param>
/// <param name="Outcome">The gate's answer.</param>
/// <param name="IsProportion">Whether the figure is a share, from 0 to 1.</param>
public sealed record FindingBefore(string Id, double? Estimate, GateOutcome Outcome, bool IsProportion)
{
    /// <summary>Its confidence interval; null where it has none, or an endless one.</summary>
    public Statistics.Interval? Interval { get; init; }

    /// <summary>What is kept of a finding.</summary>
    public static FindingBefore Of(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return new FindingBefore(finding.Id, finding.Estimate, finding.Outcome, finding.IsProportion)
        {
            // JSON has no infinity.
            Interval = finding.Interval is { } interval && double.IsFinite(interval.Lower) && double.IsFinite(interval.Upper) ? interval : null,
        };
    }

    /// <summary>Whether a check found it.</summary>
    /// <param name="check">The check's key.</param>
    internal bool IsOf(string check) => Id.StartsWith($"{check}/", StringComparison.Ordinal);

    /// <summary>The estimate, and its interval where there is one: <c>91.7 % (91.2 to 92.3 %)</c>.</summary>
    internal string WithInterval() => Interval is not { } interval ? ToString()
        : $"{this} ({(IsProportion ? interval.ToPercent() : $"{NumberText.Value(interval.Lower)} to {NumberText.Value(interval.Upper)}")})";

    /// <summary>The estimate, a share in per cent.</summary>
    public override string ToString() => IsProportion ? NumberText.Percent(Estimate) : NumberText.Value(Estimate);
}

using AuditKit.Results;

namespace AuditKit.Reports.Outline;

/// <summary>
/// Which parts a report has, in which order, under which titles, and what each holds. HTML and PDF render it, JSON names
/// its parts; no format decides any of it.
/// </summary>
internal sealed record ReportOutline(IReadOnlyList<Part> Parts)
{
    /// <summary>What the document is.</summary>
    public const string Kind = "Robustness audit of an image classifier";

    /// <summary>The outline of a result.</summary>
    public static ReportOutline Of(AuditResult result, Medium medium)
    {
        var checks = new CheckParts(result, medium);
        return new(
        [
            DecisionPart.Of(result, checks.Index),
            .. checks.Parts,
            .. checks.Images,
            .. result.Compliance is { } compliance ? [CompliancePart.Of(compliance, result)] : Array.Empty<Part>(),
            new(PartLink.System, [new Heading("Provider and system"), new FactList(result.Provider), new Heading("Model"), new FactList(result.Model)]),
            new(PartLink.Data, [new FactList(result.Data)]),
            new(PartLink.Protocol, [new FactList(result.Protocol)]),
            new(PartLink.Limits, [new BulletList(result.Limits)]),
            new(PartLink.Provenance,
                [new FactList(result.Provenance), new Heading("The spec as it was run"), new SourceText(result.Spec.ReplaceLineEndings("\n"))]),
            .. checks.Figures,
        ]);
    }
}

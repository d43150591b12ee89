using AuditKit.Results;

namespace AuditKit.Reports.Outline;

/// <summary>What a report is read on.</summary>
internal enum Medium
{
    /// <summary>Paper: examples and figures of passed groups are few or at the end, nothing is printed twice.</summary>
    Paper,

    /// <summary>A screen: all figures and all images are together, too, to be filtered.</summary>
    Screen,
}

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

/// <summary>A part of a report.</summary>
/// <param name="Link">Its id and its heading.</param>
/// <param name="Blocks">What it holds, in reading order.</param>
internal sealed record Part(PartLink Link, IReadOnlyList<Block> Blocks);

/// <summary>Where a part stands, and what it is called.</summary>
/// <param name="Id">What links point at.</param>
/// <param name="Title">The heading.</param>
internal sealed record PartLink(string Id, string Title)
{
    public static PartLink Decision { get; } = new("decision", "Decision");

    public static PartLink Images { get; } = new("images", "Images that failed");

    public static PartLink Compliance { get; } = new("compliance", "Compliance");

    public static PartLink System { get; } = new("system", "System and model");

    public static PartLink Data { get; } = new("data", "Data");

    public static PartLink Protocol { get; } = new("protocol", "Protocol and thresholds");

    public static PartLink Limits { get; } = new("limits", "Limits");

    public static PartLink Provenance { get; } = new("provenance", "Provenance");

    public static PartLink Figures { get; } = new("figures", "Every figure");

    public static PartLink PassedFigures { get; } = new("figures", "Groups that passed");

    /// <summary>The part of a check.</summary>
    public static PartLink Check(AuditResult result, int index) => new($"check-{index + 1}", result.Sections[index].Title);
}

using AuditKit.Results;

namespace AuditKit.Reports.Outline;

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

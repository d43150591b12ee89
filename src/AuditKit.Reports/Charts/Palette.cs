using AuditKit.Results;

namespace AuditKit.Reports.Charts;

/// <summary>
/// The colours of charts. Series have those of Okabe and Ito (2008), which people with any common colour
/// blindness can tell apart, without their yellow, which is lost on white; and a dash each, for print in grey.
/// </summary>
internal static class Palette
{
    public const string Ink = "#1d2733";
    public const string Muted = "#56616d";
    public const string Grid = "#e1e5ea";
    public const string Axis = "#8b949e";

    private static readonly string[] s_colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
    private static readonly string[] s_dashes = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 2"];

    /// <summary>The colour of an outcome, dark enough for text on white.</summary>
    public static string Of(GateOutcome outcome) => outcome switch
    {
        GateOutcome.Pass => "#0a6b4b",
        GateOutcome.Fail => "#a5210f",
        GateOutcome.Inconclusive => "#7a4b00",
        GateOutcome.Error => "#6b1d6b",
        _ => Muted,
    };

    /// <summary>The colour of a series.</summary>
    public static string Colour(int series) => s_colours[series % s_colours.Length];

    /// <summary>The <c>stroke-dasharray</c> of a series; empty for a solid line.</summary>
    public static string Dash(int series) => s_dashes[series % s_dashes.Length];
}

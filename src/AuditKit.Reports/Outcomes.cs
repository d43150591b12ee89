using AuditKit.Compliance;
using AuditKit.Results;

namespace AuditKit.Reports;

/// <summary>How outcomes are named and told to people; a symbol and a word, so that colour is never alone.</summary>
internal static class Outcomes
{
    /// <summary>The word for an outcome.</summary>
    public static string Word(GateOutcome outcome) => outcome switch
    {
        GateOutcome.NotGated => "reported",
        GateOutcome.Pass => "pass",
        GateOutcome.Fail => "fail",
        GateOutcome.Inconclusive => "inconclusive",
        _ => "error",
    };

    /// <summary>The symbol beside the word.</summary>
    public static string Symbol(GateOutcome outcome) => outcome switch
    {
        GateOutcome.NotGated => "·",
        GateOutcome.Pass => "✓",
        GateOutcome.Fail => "✗",
        GateOutcome.Inconclusive => "?",
        _ => "!",
    };

    /// <summary>What a verdict means.</summary>
    public static string Meaning(GateOutcome verdict) => verdict switch
    {
        GateOutcome.NotGated => "The spec sets no threshold: figures are reported, nothing is judged.",
        GateOutcome.Pass => "Every figure with a threshold clears it with its confidence bound.",
        GateOutcome.Fail => "At least one figure misses its threshold, and its confidence bound shows it.",
        GateOutcome.Inconclusive => "No figure is shown to miss its threshold, but at least one is too uncertain to clear it.",
        _ => "At least one check did not finish. What did not run has not passed.",
    };

    /// <summary>How many gates ended how: <c>5 pass · 1 fail · 2 inconclusive · 3 reported without a threshold</c>.</summary>
    public static string Tally(AuditResult result)
    {
        IEnumerable<string> findings = result.Findings.CountBy(finding => finding.Outcome).OrderBy(group => Rank(group.Key))
            .Select(group => $"{NumberText.Count(group.Value)} {Word(group.Key)}{(group.Key is GateOutcome.NotGated ? " without a threshold" : "")}");
        int broken = result.Sections.Count(section => section.Error is not null);
        return string.Join(" · ", broken == 0 ? findings : findings.Append($"{broken} {(broken == 1 ? "check" : "checks")} not finished"));
    }

    /// <summary>Findings with what blocks first, then what passed, then what is only reported; each in its old order.</summary>
    public static IEnumerable<Finding> BlockingFirst(IEnumerable<Finding> findings)
        => findings.OrderBy(finding => Severity(finding.Outcome));

    /// <summary>The rank of an outcome, from what blocks most, 0, to what is only reported.</summary>
    public static int Severity(GateOutcome outcome) => outcome switch
    {
        GateOutcome.Error => 0,
        GateOutcome.Fail => 1,
        GateOutcome.Inconclusive => 2,
        GateOutcome.Pass => 3,
        _ => 4,
    };

    /// <summary>Whether an outcome keeps a model from its release.</summary>
    public static bool Blocks(GateOutcome outcome) => outcome is GateOutcome.Error or GateOutcome.Fail or GateOutcome.Inconclusive;

    /// <summary>The words for the answer to a clause.</summary>
    public static string Word(ClauseAnswer answer) => answer switch
    {
        ClauseAnswer.Met => "met",
        ClauseAnswer.NotMet => "not met",
        ClauseAnswer.NotAssessed => "not assessed",
        ClauseAnswer.Stated => "stated by the provider",
        _ => "to be filled in by the provider",
    };

    /// <summary>The symbol beside the words.</summary>
    public static string Symbol(ClauseAnswer answer) => answer switch
    {
        ClauseAnswer.Met => "✓",
        ClauseAnswer.NotMet => "✗",
        ClauseAnswer.NotAssessed => "·",
        ClauseAnswer.Stated => "·",
        _ => "?",
    };

    /// <summary>The outcome that an answer is coloured like.</summary>
    public static string Style(ClauseAnswer answer) => answer switch
    {
        ClauseAnswer.Met => Word(GateOutcome.Pass),
        ClauseAnswer.NotMet => Word(GateOutcome.Fail),
        ClauseAnswer.ToBeFilledIn => Word(GateOutcome.Inconclusive),
        _ => Word(GateOutcome.NotGated),
    };

    private static int Rank(GateOutcome outcome) => outcome is GateOutcome.NotGated ? int.MaxValue : (int)outcome;
}

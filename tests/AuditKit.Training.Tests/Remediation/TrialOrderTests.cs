using AuditKit.Comparisons;
using AuditKit.Gates;
using AuditKit.Results;
using AuditKit.Statistics;
using AuditKit.Training.Remediation;

namespace AuditKit.Training.Tests.Remediation;

public sealed class TrialOrderTests
{
    [Fact]
    public void Passing_goes_before_missing_by_little_and_that_before_accuracy()
    {
        MitigationTrial passes = Trial(0.89, 0, GateOutcome.Pass), passesBetter = Trial(0.95, 0, GateOutcome.Pass),
            near = Trial(0.99, 0.01, GateOutcome.Inconclusive),
            far = Trial(0.99, 0.2, GateOutcome.Fail), costly = Trial(0.80, 0, GateOutcome.Pass);

        MitigationTrial[] ranked = [.. new[] { far, costly, near, passes, passesBetter }.Order(new TrialOrder(accuracy: 0.9))];

        Assert.Equal([passesBetter, passes, costly, near, far], ranked);
    }

    // Images from elsewhere are the audited ones; corruptions that stand in for them say what accuracy cannot.
    [Fact]
    public void Where_corruptions_stand_in_accuracy_under_them_decides_among_those_that_lose_none()
    {
        MitigationTrial accurate = Trial(0.95, 0, GateOutcome.Pass) with { CorruptedAccuracy = 0.6 },
            robust = Trial(0.9, 0, GateOutcome.Pass) with { CorruptedAccuracy = 0.7 },
            costly = Trial(0.85, 0, GateOutcome.Pass) with { CorruptedAccuracy = 0.8 };

        MitigationTrial[] ranked = [.. new[] { costly, accurate, robust }.Order(new TrialOrder(accuracy: 0.9))];

        Assert.Equal([robust, accurate, costly], ranked);
    }

    [Fact]
    public void The_shortfall_adds_what_estimates_miss_and_what_accuracy_loses()
    {
        Finding[] findings =
        [
            Finding(0.55, new Threshold(ThresholdKind.AtLeast, 0.6, "a")),
            Finding(0.3, new Threshold(ThresholdKind.AtMost, 0.1, "b")),
            Finding(0.05, new Threshold(ThresholdKind.AtMost, 0.1, "c")),
            Finding(150, new Threshold(ThresholdKind.AtMost, 100, "d")) with { IsProportion = false },
            Finding(1e9, new Threshold(ThresholdKind.AtMost, 100, "e")) with { IsProportion = false },
            Finding(0.05, null),
        ];
        Assert.Equal(0.05 + 0.2 + 0.5 + 1, TrialOrder.Shortfall(findings, 0.9, 0.9), 1e-12);
        Assert.Equal(0.08, TrialOrder.Shortfall([], 0.8, 0.9), 1e-12);
        Assert.Equal(0, TrialOrder.Shortfall([], 0.885, 0.9));
    }

    // A constant answer is changed by no attack: it passes both gates nearly, and is no classifier.
    [Fact]
    public void A_model_that_answers_nothing_does_not_win_by_the_gates_that_it_passes()
    {
        var gate = new Threshold(ThresholdKind.AtMost, 0.05, "a");
        double failed = TrialOrder.Shortfall([Finding(0.98, gate), Finding(0.98, gate)], 0.9, 0.9);
        double constant = TrialOrder.Shortfall([Finding(0.28, gate), Finding(0.28, gate)], 0.1, 0.9);
        Assert.True(constant > failed, $"{constant} and {failed}");
    }

    [Fact]
    public void A_gate_that_measured_nothing_is_missed_in_full()
        => Assert.Equal(1, TrialOrder.Shortfall(
            [Finding(0.1, new Threshold(ThresholdKind.AtMost, 0.2, "a")) with { Estimate = null, Outcome = GateOutcome.Fail }], 0.9, 0.9));

    [Fact]
    public void Of_estimates_above_a_limit_the_one_that_shows_it_falls_short_by_less()
    {
        // 19 and 24 of 27 images: both above 0.7, and a gate passes neither.
        Finding justAbove = OfImages(19, 27), wellAbove = OfImages(24, 27);
        double near = TrialOrder.Shortfall([justAbove], 0.9, 0.9), far = TrialOrder.Shortfall([wellAbove], 0.9, 0.9);
        Assert.Equal(0.7 - justAbove.Interval!.Value.Lower, near, 1e-12);
        Assert.InRange(far, 0, near / 2);

        static Finding OfImages(int right, int count)
            => Gate.Judge("a", "b", "c", new Proportion(right, count), new Threshold(ThresholdKind.AtLeast, 0.7, "d"), confidence: 0.95);
    }

    private static MitigationTrial Trial(double accuracy, double shortfall, GateOutcome outcome)
        => new() { Method = "m", Epochs = 1, Accuracy = accuracy, Shortfall = shortfall, Findings = [new("a/b/c", 0.5, outcome, IsProportion: true)] };

    private static Finding Finding(double estimate, Threshold? threshold) => new()
    {
        Check = "a",
        Metric = "b",
        Estimate = estimate,
        Count = 10,
        Threshold = threshold,
        Outcome = threshold is null ? GateOutcome.NotGated : GateOutcome.Inconclusive,
    };
}

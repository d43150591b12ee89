using AuditKit.Checks;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Tests.Checks;

namespace AuditKit.Tests.Run;

public sealed class DoubtsTests
{
    // The model says class = pixel value / 100.
    [Fact]
    public void Classes_in_another_order_than_the_models_are_a_doubt_that_blocks_and_says_what_to_write()
    {
        // Classes by number: 1, 2, 10. The model has them as text: 1, 10, 2.
        Section section = Assert.Single(Of(["1", "2", "10"], [.. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(2, 10), .. Enumerable.Repeat(1, 10)]));

        Finding finding = Assert.Single(section.Findings);
        Assert.Equal("doubts/gain of accuracy by another class order", finding.Id);
        Assert.Equal((2 / 3.0, 30, GateOutcome.Inconclusive), (finding.Estimate!.Value, finding.Count, finding.Outcome));
        Assert.Equal(
            "Class order is doubtful: with the classes sorted as text, 100.0\u00a0% of the answers are correct, with the order that was used 33.3\u00a0%. "
                + "If the model was trained with the other order, write in data: classes: [1, 10, 2]",
            finding.Reason);
        Assert.Contains(finding.Reason, section.Summary);
        Assert.Equal(GateOutcome.Inconclusive, Verdict.Of([section]));
    }

    [Fact]
    public void Numbers_in_the_order_of_text_are_doubted_where_the_order_of_numbers_does_better()
    {
        Section section = Assert.Single(Of(["1", "10", "2"], [.. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(2, 10), .. Enumerable.Repeat(1, 10)]));
        Assert.EndsWith("write in data: classes: [1, 2, 10]", section.Findings[0].Reason);
    }

    [Theory]
    [InlineData("1 2 10", 0, 0)]
    [InlineData("1 2 10", 5, 0)]
    [InlineData("1 2 10", 6, 5)]
    [InlineData("1 2 3", 0, 10)]
    [InlineData("cat dog owl", 0, 10)]
    [InlineData("cat owl dog", 10, 10)]
    public void There_is_no_doubt_where_the_order_is_right_or_chance_explains_it_or_there_is_no_other(string classes, int swappedOfTwo, int swappedOfThree)
    {
        // Of the last two classes' ten images each, so many are answered as the other.
        int[] answers = [.. Enumerable.Repeat(0, 10), .. Enumerable.Range(0, 10).Select(i => i < swappedOfTwo ? 2 : 1), .. Enumerable.Range(0, 10)
            .Select(i => i < swappedOfThree ? 1 : 2)];
        bool expected = classes == "cat owl dog";
        Assert.Equal(expected ? 1 : 0, Of(classes.Split(' '), answers).Length);
    }

    [Fact]
    public void Without_the_predictions_of_all_images_nothing_is_doubted()
    {
        using var bench = new Bench(SyntheticData.Pixels([0, 0], [0, 1], ["1", "10"]));
        Assert.Empty(Doubts.Of(bench.Evidence, 0.95));
    }

    // Ten images of each of three classes, answered as given.
    private static Section[] Of(string[] classes, int[] answers)
    {
        using var bench = new Bench(SyntheticData.Pixels([.. answers.Select(answer => (byte)(100 * answer))],
            [.. Enumerable.Range(0, 30).Select(i => i / 10)], classes));
        using var model = new SyntheticClassifier(new(1, 1, 1), 3, (pixels, logits) => logits[(int)(pixels[0] * 255 / 99.9f)] = 1);
        InferencePass.RunClean(bench.Context(model));
        return [.. Doubts.Of(bench.Evidence, 0.95)];
    }
}

using AuditKit.Checks.SimBa;
using AuditKit.Evidence;
using AuditKit.Imaging;

namespace AuditKit.Tests.Checks.SimBa;

public sealed class SimBaAttackTests
{
    private static readonly InputShape Shape = new(3, 4, 4);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(64)]
    public void Every_image_ends_as_in_the_formula_whatever_it_is_batched_with(int batch)
    {
        using var model = SyntheticClassifier.Random(Shape, classes: 3, batch);
        const float epsilon = 0.2f;
        const int iterations = 40;
        float[][] images = [.. Enumerable.Range(0, 50).Select(RandomImage)];
        int[] labels = [.. images.Select(image => Reference.Predict(model, image))];

        Dictionary<int, (AttackOutcome Outcome, float[] Pixels)> ended = Run(model, images, labels, epsilon, iterations);

        Assert.Equal(images.Length, ended.Count);
        Assert.Contains(ended.Values, end => end.Outcome.Succeeded);
        Assert.Contains(ended.Values, end => !end.Outcome.Succeeded);
        for (int i = 0; i < images.Length; i++)
        {
            (AttackOutcome expected, float[] pixels) = Reference.Attack(model, i, images[i], labels[i], epsilon, iterations, Basis(i));
            AttackOutcome actual = ended[i].Outcome;
            Assert.Equal(expected.L2, actual.L2, 1e-6f);
            Assert.Equal(expected with { L2 = actual.L2 }, actual);
            Assert.Equal(pixels, ended[i].Pixels);
        }
    }

    [Fact]
    public void The_batch_stays_full_while_images_wait()
    {
        using var model = SyntheticClassifier.Random(Shape, classes: 3, preferredBatch: 8);
        float[][] images = [.. Enumerable.Range(0, 50).Select(RandomImage)];
        int[] labels = [.. images.Select(image => Reference.Predict(model, image))];
        model.Batches.Clear();

        var ended = Run(model, images, labels, 0.2f, 40);

        Assert.Equal(ended.Values.Sum(end => end.Outcome.Queries), model.Batches.Sum());
        Assert.All(model.Batches.SkipLast(2 * 40), size => Assert.Equal(8, size));
        Assert.Equal(model.Batches.OrderDescending(), model.Batches);
    }

    [Fact]
    public void A_model_that_ignores_the_image_costs_two_queries_an_iteration_and_is_never_fooled()
    {
        using var model = SyntheticClassifier.Constant(Shape, 2, 1);
        var ended = Run(model, [RandomImage(0)], [0], 0.2f, 10);
        AttackOutcome outcome = ended[0].Outcome;
        Assert.False(outcome.Succeeded);
        Assert.Equal(10, outcome.Iterations);
        Assert.Equal(1 + (2 * 10), outcome.Queries);
        Assert.Equal(0, outcome.L2);
        Assert.Equal(0, outcome.LInf);
        Assert.Equal(RandomImage(0), ended[0].Pixels);
        Assert.Equal(1 / (1 + Math.Exp(-1)), outcome.Confidence, 1e-6);
    }

    [Fact]
    public void A_model_that_reads_one_pixel_falls_when_that_pixel_is_tried()
    {
        // Class 0 while pixel 5 is above 0.5; it is 0.6, so that one step of −0.2 is enough.
        using var model = new SyntheticClassifier(Shape, 2, (pixels, logits) => (logits[0], logits[1]) = (pixels[5], 0.5f));
        float[] image = RandomImage(0);
        image[5] = 0.6f;
        int[] basis = Basis(0);

        AttackOutcome outcome = Run(model, [image], [0], 0.2f, Shape.Length)[0].Outcome;

        int turn = Array.IndexOf(basis, 5) + 1;
        Assert.True(outcome.Succeeded);
        Assert.Equal(turn, outcome.Iterations);
        Assert.Equal(1 + (2 * (turn - 1)) + 1, outcome.Queries);
        Assert.Equal(0.2f, outcome.L2, 1e-6f);
        Assert.Equal(0.2f, outcome.LInf, 1e-6f);
        Assert.Equal(1, outcome.Predicted);
    }

    [Fact]
    public void Steps_end_at_the_valid_range_and_the_norms_are_those_of_the_clipped_step()
    {
        // Raising pixel 0 lowers class 0, and only 0.05 is left to raise.
        using var model = new SyntheticClassifier(new(1, 1, 1), 2, (pixels, logits) => (logits[0], logits[1]) = (9 - pixels[0], 0));
        (AttackOutcome outcome, float[] pixels) = Run(model, [[0.95f]], [0], 0.2f, 1, _ => [0])[0];
        Assert.Equal(1f, pixels[0]);
        Assert.Equal(0.05f, outcome.LInf, 1e-6f);
        Assert.Equal(0.05f, outcome.L2, 1e-6f);
        Assert.Equal(3, outcome.Queries);
        Assert.Equal(1, outcome.Iterations);
    }

    [Fact]
    public void The_budget_cannot_exceed_the_basis()
    {
        using var model = SyntheticClassifier.Constant(new(1, 2, 2), 1, 0);
        AttackOutcome outcome = Run(model, [new float[4]], [0], 0.2f, 1000, _ => [2, 0, 1, 3])[0].Outcome;
        Assert.Equal(4, outcome.Iterations);
    }

    [Fact]
    public void A_probability_that_is_1_in_single_precision_can_still_be_lowered()
    {
        // A margin of 25 and more is far beyond float's resolution near 1; in double the step down is seen.
        using var model = new SyntheticClassifier(new(1, 1, 2), 2, (pixels, logits) => (logits[0], logits[1]) = (25 + (5 * pixels[0]), 0));
        (AttackOutcome outcome, float[] pixels) = Run(model, [[1f, 0f]], [0], 0.5f, 2, _ => [0, 1])[0];
        Assert.Equal(0.5f, pixels[0]);
        Assert.Equal(1 + 1 + 2, outcome.Queries);

        (outcome, pixels) = Run(model, [[1f, 0f]], [0], 0.5f, 2, _ => [0, 1], singlePrecision: true)[0];
        Assert.Equal(1f, pixels[0]);
        Assert.Equal(1 + 2 + 2, outcome.Queries);
    }

    private static float[] RandomImage(int index)
    {
        var random = CounterRandom.For(1, "image", index);
        return [.. Enumerable.Range(0, Shape.Length).Select(_ => random.NextInt32(256) / 255f)];
    }

    private static int[] Basis(int image)
    {
        int[] basis = [.. Enumerable.Range(0, Shape.Length)];
        CounterRandom.For(3, "basis", image).Shuffle(basis);
        return basis;
    }

    private static Dictionary<int, (AttackOutcome Outcome, float[] Pixels)> Run(
        SyntheticClassifier model, float[][] images, int[] labels, float epsilon, int iterations, Func<int, int[]>? basis = null, bool singlePrecision = false)
    {
        var ended = new Dictionary<int, (AttackOutcome, float[])>();
        var options = new SimBaOptions { Epsilon = epsilon, Iterations = iterations, SinglePrecision = singlePrecision };
        int next = 0;
        AttackBatch.Run(
            model,
            slot =>
            {
                if (next == images.Length)
                {
                    return null;
                }

                images[next].CopyTo(slot);
                int image = next++;
                return new SimBaAttack(image, labels[image], null, options, new PixelBasis(model.Input), _ => (basis ?? Basis)(image));
            },
            (attack, pixels) => ended.Add(attack.Outcome.Image, (attack.Outcome, pixels.ToArray())),
            image => $"#{image}",
            CancellationToken.None);
        return ended;
    }
}

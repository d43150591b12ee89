using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.LastLayer;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.LastLayer;

public sealed class AfrTests
{
    private const string Method = "{ name: afr, gamma: [2, 8], lambda: [0.1, 0.001] }";

    [Fact]
    public void The_worst_group_rises_though_no_training_image_s_group_is_used()
    {
        using var erm = new SpuriousTask("{ name: erm }");
        erm.Train();
        using var afr = new SpuriousTask(Method);

        afr.Train();

        Assert.InRange(erm.Worst(), 0, 0.5);
        Assert.InRange(afr.Worst(), 0.7, 1);
        Assert.Contains("The epochs trained on 320 images.", afr.Method.Report(""));
        Assert.Contains("of the 80 others", afr.Method.Report(""));
    }

    [Fact]
    public void Its_validation_figures_are_those_of_the_layer_in_the_network()
    {
        using var afr = new SpuriousTask("{ name: afr, gamma: 8, lambda: 0.01 }");

        ValidationScore fitted = afr.Train().Fitted!.Value;

        double[][] head = afr.Head;
        TrainingSet validation = afr.Task.Validation;
        (int Group, double Right)[] answers = [.. validation.Classes.Select((label, i)
            => (validation.Groups[i], SpuriousTask.Answer(head, afr.Features(400 + i)) == label ? 1.0 : 0))];
        Assert.Equal(answers.Average(answer => answer.Right), fitted.Accuracy, 1e-12);
        Assert.Equal(answers.GroupBy(answer => answer.Group, answer => answer.Right).Min(group => group.Average()), fitted.WorstGroup, 1e-12);
        Assert.DoesNotContain("stopped after", afr.Method.Report(""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Settings_are_chosen_by_the_recipes_rule(double floor) => SpuriousTask.RequireTheRecipesRule(
        ["0", "4", "40"], floor, (tried, least) => new SpuriousTask($"{{ name: afr, gamma: [{tried}], lambda: 0.001 }}", epochs: 4, floor: least));

    [Fact]
    public void A_fit_that_spent_its_steps_is_said_to_have()
    {
        using var afr = new SpuriousTask("{ name: afr, gamma: 1, lambda: 0.000001 }", epochs: 0, blend: 0.01f);
        afr.Train();
        Assert.Contains("**1 of 1** fits of the layer that was written stopped after 5000 steps", afr.Method.Report(""));
    }

    [Fact]
    public void Images_kept_for_the_last_layer_are_a_share_of_each_class_and_are_not_trained_on()
    {
        using var afr = new SpuriousTask("{ name: afr, share: 0.1 }");
        IReadOnlyList<int> repeats = afr.Method.Repeats(afr.Task.ToTrainingSet())!;
        Assert.Equal([20, 20], Enumerable.Range(0, 2).Select(label => repeats.Where((count, image) => image % 2 == label && count == 0).Count()));
        Assert.Equal(360, repeats.Sum());
    }

    // 400 images fill a batch of 300; the 240 that AFR leaves to the epochs do not.
    [Fact]
    public void Images_that_are_left_to_the_epochs_must_fill_a_batch_and_that_is_said_before_any()
    {
        using var task = new SpuriousTask("{ name: erm }");
        TrainingTask large = task.Task with { Recipe = task.Task.Recipe with { Batch = 300 } };
        var method = AuditKit.Yaml.SpecMap.Parse("recipe.yaml", "{ share: 0.4 }");
        Assert.Contains("the 240 images of an epoch do not fill a batch", Assert.Throws<AuditException>(() => Afr.Parse(method)(large)).Message);
    }

    [Fact]
    public void Weights_are_those_of_the_paper()
    {
        using DisposeScope scope = NewDisposeScope();
        // Probabilities of the true class 0.8, 0.5 and 0.2; two images of class 0 and one of class 1.
        Tensor logits = tensor(new[,] { { Math.Log(0.8), Math.Log(0.2) }, { 0.0, 0.0 }, { Math.Log(0.8), Math.Log(0.2) } });
        double[] raw = [Math.Exp(-3 * 0.8) / 2, Math.Exp(-3 * 0.5) / 2, Math.Exp(-3 * 0.2) / 1];

        double[] weights = [.. Afr.Weights(logits, tensor([0L, 0L, 1L]), gamma: 3).data<double>()];

        Assert.All(raw.Zip(weights), pair => Assert.Equal(pair.First / raw.Sum(), pair.Second, 1e-12));

        // exp(−1000·p) is 0 in every float for p above 0.75.
        weights = [.. Afr.Weights(tensor(new[,] { { 3.0, 0.0 }, { 5.0, 0.0 } }), tensor([0L, 0L]), gamma: 1000).data<double>()];
        Assert.Equal([1, 0], weights, (one, other) => Math.Abs(one - other) < 1e-6);
    }

    /// <summary>The layer in the network is where the gradient of Σ μ_i·CE_i + λ·‖W − W_ERM‖² vanishes, by loops.</summary>
    [Fact]
    public void The_layer_is_the_weighted_minimum_around_the_one_before()
    {
        const double Gamma = 3, Lambda = 0.02;
        using var afr = new SpuriousTask(FormattableString.Invariant($"{{ name: afr, gamma: {Gamma}, lambda: {Lambda} }}"), epochs: 0);
        double[][] before = [[0.3, -1.5, 0.2, 0.1, 0.4], [-0.3, 1.2, 0, 0.3, -0.2]];
        using (no_grad())
        {
            afr.Network.Parameters["weight"].copy_(tensor([.. before.SelectMany(row => row[..4])], [2, 4]));
            afr.Network.Parameters["bias"].copy_(tensor([.. before.Select(row => row[4])]));
        }

        afr.Train();

        double[] p = new double[400];
        double[][] x = [.. Enumerable.Range(0, 400).Select(afr.Features)];
        double[] mu = [.. x.Select((row, i) => Math.Exp(-Gamma * TinyTask.Probabilities(SpuriousTask.Logits(before, row))[i % 2]) / 200)];
        double[][] head = afr.Head;
        for (int k = 0; k < 2; k++)
        {
            for (int j = 0; j < 5; j++)
            {
                double gradient = 2 * Lambda * (head[k][j] - before[k][j]);
                for (int i = 0; i < 400; i++)
                {
                    gradient += mu[i] / mu.Sum() * (TinyTask.Probabilities(SpuriousTask.Logits(head, x[i]))[k] - (i % 2 == k ? 1 : 0)) * x[i][j];
                }

                Assert.Equal(0, gradient, 1e-5);
            }
        }

        Assert.Contains("The epochs trained on 0 images.", afr.Method.Report(""));
    }

    [Fact]
    public void A_run_that_is_killed_goes_on_to_the_same_layer()
    {
        using var whole = new SpuriousTask(Method);
        Trainer unbroken = whole.Train();
        using var killed = new SpuriousTask(Method);
        using var kill = new CancellationTokenSource();
        killed.Told = what =>
        {
            if (what.StartsWith("epoch 3", StringComparison.Ordinal))
            {
                kill.Cancel();
            }
        };
        Assert.Throws<OperationCanceledException>(() => killed.Train(kill.Token));
        using var resumed = new SpuriousTask(Method);
        File.Copy(killed.Checkpoint, resumed.Checkpoint);

        Assert.Equal(unbroken.History, resumed.Train().History);
        Assert.Equal(whole.Head, resumed.Head);
    }

    [Fact]
    public void A_share_that_leaves_a_class_without_images_is_refused_and_so_are_groups_that_validation_lacks()
    {
        int[] held = [.. Enumerable.Range(400, 200).Where(image => image / 2 % 4 != 0)];
        Assert.Contains("too few of zero, side right (0); one, side left (0)",
            Assert.Throws<AuditException>(() => new SpuriousTask(Method, held: held)).Message);
        using var spurious = new SpuriousTask("{ name: afr, share: 0.01 }");
        TrainingTask few = spurious.Task with { Images = [0, 1, 2, 3] };
        Assert.Contains("of the 2 training images of zero a share of 0.01", Assert.Throws<AuditException>(() => few.Recipe.Method(few)).Message);
    }
}

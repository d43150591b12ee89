using AuditKit.Training.Loop;
using AuditKit.Training.Tests.Remedies.LastLayer;

namespace AuditKit.Training.Tests.Remedies;

public sealed class JttTests
{
    private const string Method = "{ name: jtt, identification-epochs: 2, upweight: 15 }";

    [Fact]
    public void What_a_first_model_gets_wrong_is_seen_more_often_and_the_worst_group_rises()
    {
        using var erm = new SpuriousTask("{ name: erm }");
        erm.Train();
        using var jtt = new SpuriousTask(Method);

        jtt.Train();

        Assert.InRange(erm.Worst(), 0, 0.5);
        Assert.InRange(jtt.Worst(), erm.Worst() + 0.1, 1);
    }

    [Fact]
    public void Repeated_are_the_errors_of_plain_training_and_the_start_weights_come_back()
    {
        using var first = new SpuriousTask("{ name: erm }", epochs: 2);
        var trainer = new Trainer(first.Task.Recipe, first.Network, first.Task.Normalisation, first.Method, first.Task.ToTrainingSet(), validation: null);
        trainer.Run(first.Checkpoint, (_, _, _) => { }, CancellationToken.None);
        double[][] head = first.Head;
        int[] errors = [.. Enumerable.Range(0, 400).Where(image => SpuriousTask.Answer(head, first.Features(image)) != image % 2)];
        using var jtt = new SpuriousTask(Method);
        double[][] start = jtt.Head;

        IReadOnlyList<int> repeats = jtt.Method.Repeats(jtt.Task.ToTrainingSet())!;

        Assert.InRange(errors.Length, 5, 100);
        Assert.Equal(Enumerable.Range(0, 400).Select(image => errors.Contains(image) ? 15 : 1), repeats);
        Assert.Equal(start, jtt.Head);
        // The groups' rows: 10 images whose attribute misleads in each class, 190 others.
        Assert.Contains($"misclassified {errors.Length} of 400\ntraining images", jtt.Method.Report(""));
        int misled = errors.Count(image => image / 2 % 20 == 0 && image % 2 == 0);
        Assert.Contains($"| zero, side right | 10 | {misled} |", jtt.Method.Report(""));
    }

    [Fact]
    public void A_first_model_without_errors_makes_it_plain_training_and_that_is_said()
    {
        using var erm = new StripesTask("{ name: erm }", epochs: 6);
        using var jtt = new StripesTask("{ name: jtt, identification-epochs: 4, upweight: 15 }", epochs: 6);

        erm.Train();
        jtt.Train();

        Assert.Contains("It misclassified none of them", jtt.Method.Report(""));
        Assert.Contains("plain empirical risk minimisation", jtt.Method.Report(""));
        Assert.Equal(erm.Network.Parameters["fc.weight"].data<float>(), jtt.Network.Parameters["fc.weight"].data<float>());
    }

    [Fact]
    public void What_a_killed_training_of_other_settings_left_goes_with_the_rest()
    {
        using var killed = new SpuriousTask("{ name: jtt, identification-epochs: 3, upweight: 15 }");
        killed.Told = what =>
        {
            if (what.StartsWith("identification, epoch 2", StringComparison.Ordinal))
            {
                throw new OperationCanceledException();
            }
        };
        Assert.Throws<OperationCanceledException>(() => killed.Train());
        using var other = new SpuriousTask(Method, epochs: 3);
        string left = Assert.Single(Directory.GetFiles(killed.Task.Folder, "identification*"));
        File.Copy(left, Path.Combine(other.Task.Folder, Path.GetFileName(left)));

        other.Train();

        Assert.Empty(Directory.GetFiles(other.Task.Folder, "identification*"));
    }

    [Theory]
    [InlineData("identification, epoch 2", 4 + 1)]
    [InlineData("epoch 3", 2)]
    public void A_run_that_is_killed_goes_on_where_it_was(string where, int epochs)
    {
        using var whole = new SpuriousTask(Method);
        Trainer unbroken = whole.Train();
        Assert.Empty(Directory.GetFiles(whole.Task.Folder, "identification*"));
        using var killed = new SpuriousTask(Method);
        killed.Told = what =>
        {
            if (what.StartsWith(where, StringComparison.Ordinal))
            {
                throw new OperationCanceledException();
            }
        };
        Assert.Throws<OperationCanceledException>(() => killed.Train());
        using var resumed = new SpuriousTask(Method);
        foreach (string file in Directory.GetFiles(killed.Task.Folder, "*.bin"))
        {
            File.Copy(file, Path.Combine(resumed.Task.Folder, Path.GetFileName(file)));
        }

        HashSet<string> told = [];
        resumed.Told = what => told.Add(what);

        Assert.Equal(unbroken.History, resumed.Train().History);
        Assert.Equal(whole.Head, resumed.Head);
        Assert.Equal(epochs, told.Count(what => what.Contains("epoch ", StringComparison.Ordinal)));
        Assert.Equal(whole.Method.Report(""), resumed.Method.Report(""));
    }
}

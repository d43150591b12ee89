using System.Globalization;
using System.Text;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using AuditKit.Yaml;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies;

/// <summary>
/// Just train twice (Liu et al., Just train twice: improving group robustness without training group information, ICML 2021): a model trained
/// by empirical risk minimisation for T epochs misclassifies some training images; the model proper is trained from the start
/// weights again, those images being in the set λ times. No training image's group is asked for.
/// </summary>
public sealed class Jtt : TrainingMethod
{
    private const string Identification = "identification.bin";

    private static readonly IntegerKey s_epochs = new("identification-epochs", "T: epochs of the model whose errors count more", 1, 1, 100_000);
    private static readonly IntegerKey s_upweight = new("upweight", "λ: how often a misclassified image is in the set", 50, 2, 10_000);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_epochs, s_upweight];

    private readonly TrainingTask _task;
    private readonly int _epochs;
    private readonly int _upweight;

    // 1 or λ for each training image; zeros before the errors are known, so that a checkpoint spares the first training.
    private readonly Tensor _repeats;

    private Jtt(TrainingTask task, int epochs, int upweight)
        => (_task, _epochs, _upweight, _repeats) = (task, epochs, upweight, zeros(task.Images.Count).DetachFromDisposeScope());

    /// <summary>Reads <c>method: { name: jtt, identification-epochs: 1, upweight: 50 }</c>.</summary>
    /// <exception cref="AuditException">A value is out of range.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        (int epochs, int upweight) = (s_epochs.Read(map), s_upweight.Read(map));
        return task => new Jtt(task, epochs, upweight);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => [_repeats];

    private int[] Counts => Array.ConvertAll(_repeats.ToFloats(), count => (int)count);

    private string IdentificationFile => Path.Combine(_task.Folder, Identification);

    /// <inheritdoc/>
    public override IReadOnlyList<int> Repeats(TrainingSet images)
    {
        if (Counts.Contains(0))
        {
            Identify(images);
        }

        return Counts;
    }

    /// <inheritdoc/>
    public override ValidationScore? Finish(TrainingSet training)
    {
        // Of other settings, too: what they left was put aside.
        foreach (string file in Directory.GetFiles(_task.Folder, $"{Identification}*"))
        {
            File.Delete(file);
        }

        return null;
    }

    /// <inheritdoc/>
    public override string Report(string folder)
    {
        int[] counts = Counts;
        var report = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            Just train twice: a model trained for {_epochs} {(_epochs == 1 ? "epoch" : "epochs")} misclassified {counts.Count(IsError)} of {counts.Length}
            training images, which were then in the set {_upweight} times.

            | group | training images | misclassified |
            |---|---:|---:|

            """);
        foreach (IGrouping<int, int> members in counts.Zip(_task.ToTrainingSet().Groups).GroupBy(image => image.Second, image => image.First)
            .OrderBy(group => group.Key))
        {
            report.Append(CultureInfo.InvariantCulture, $"| {_task.Groups.Name(members.Key)} | {members.Count()} | {members.Count(IsError)} |\n");
        }

        if (Array.TrueForAll(counts, count => IsError(count) == IsError(counts[0])))
        {
            report.Append(CultureInfo.InvariantCulture, $"\nIt misclassified {(IsError(counts[0]) ? "all" : "none")} of them, so that none was in the set more ")
                .Append("often than another: what was trained then is plain empirical risk minimisation. Start from a network that has not learnt these images, ")
                .Append("or give fewer epochs to the first model.\n");
        }

        return report.ToString();

        bool IsError(int count) => count == _upweight;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _repeats.Dispose();
        base.Dispose(disposing);
    }

    // Trains the first model, goes over the training images, and puts the start weights back.
    private void Identify(TrainingSet images)
    {
        using DisposeScope scope = NewDisposeScope();
        using var start = new KeptWeights([.. _task.Network.Parameters.Values, .. _task.Network.Buffers.Values]);
        using var erm = new Erm();
        // The first epochs of an ordinary run: its learning rate has not fallen yet, as it has not where the authors stop.
        Recipe recipe = _task.Recipe with { Epochs = Math.Max(_task.Recipe.Epochs, _epochs) };
        var trainer = new Trainer(recipe, _task.Network, _task.Normalisation, erm, images, validation: null)
        {
            Head = new NetworkParts(_task.Network, _task.Classifier()).Head,
            Data = _task.DataSha256,
        };
        trainer.Run(IdentificationFile, _epochs, (what, done, total) => _task.Progress($"identification, {what}", done, total), _task.Cancellation);

        var logits = Embeddings.Of(
            _task.Network, _task.Network.Result, _task.Normalisation, images, _task.Recipe.Batch,
            done => _task.Progress("finding misclassified images", done, images.Count), _task.Cancellation);
        using IDisposable gradients = no_grad();
        Tensor answers = tensor([.. logits.Values], [logits.Count, logits.Length]).argmax(1);
        Tensor isWrong = answers != tensor([.. images.Classes.Select(label => (long)label)]);
        _repeats.copy_(where(isWrong, full_like(_repeats, _upweight), ones_like(_repeats)));
        start.PutBack();
    }
}

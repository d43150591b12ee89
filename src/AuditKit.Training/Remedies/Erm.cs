using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.WeightPrior;
using AuditKit.Yaml;

namespace AuditKit.Training.Remedies;

/// <summary>Empirical risk minimisation: the mean cross-entropy of a batch. Kernels of convolutions may start as those of trained networks.</summary>
public sealed class Erm : TrainingMethod
{
    private static readonly ChoiceKey<KernelStart?> s_start = new(
        "start", "What the kernels of convolutions start from", KernelStarts.Words, KernelStart.Network);

    /// <summary>The keys of its block.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_start, .. KernelSources.Keys];

    private readonly string _report = "";
    private readonly IReadOnlyList<string> _networks = [];

    /// <summary>The method on a network as it is.</summary>
    public Erm()
    {
    }

    private Erm(TrainingTask task, KernelStart start, KernelSources sources)
    {
        if (start != KernelStart.Network)
        {
            _networks = start.Learns() ? sources.Paths : [];
            using var learnt = new LearntKernels(task, sources);
            start.Draw(task.Network, learnt, task.Recipe.Seed);
            _report = $"The kernels of convolutions started from {start.Text()}.\n{KernelsTable.Markdown(learnt, task.Folder)}";
        }
    }

    /// <summary>Reads <c>method: { name: erm, start: deep, sources: [FOLDER] }</c>.</summary>
    /// <exception cref="AuditException">A value is out of range, or sources are missing.</exception>
    public static MethodFactory Parse(SpecMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        KernelStart start = s_start.Read(map)!.Value;
        var sources = KernelSources.Parse(map, start.Learns() ? $"start: {map.OptionalText(s_start.Key)}" : null);
        return task => new Erm(task, start, sources);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Networks => _networks;

    /// <inheritdoc/>
    public override string Report(string folder) => _report;
}

using AuditKit.Yaml;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>The source networks that a method learns kernels from, and how it learns from them.</summary>
/// <param name="Paths">Full paths of ONNX files and of folders with such; empty where nothing is learnt.</param>
/// <param name="Smallest">The share of the largest norm in a network below which its kernels are left out, in [0, 1).</param>
/// <param name="Vae">How autoencoders are trained.</param>
internal sealed record KernelSources(IReadOnlyList<string> Paths, double Smallest, KernelVaeSettings Vae)
{
    private static readonly ListKey s_sources = new(
        "sources", "Trained networks with the same layers: ONNX files, and folders of such or of training runs");

    private static readonly NumberKey s_smallest = new(
        "smallest", "The share of the largest norm of a network's kernels below which kernels are left out", 0.05, 0, 0.999);

    /// <summary>The keys of a method that learns kernels.</summary>
    internal static IReadOnlyList<SpecKey> Keys { get; } = [s_sources, s_smallest, .. KernelVaeSettings.Keys];

    /// <summary>Reads <c>sources: [FOLDER], smallest: 0.05</c> and how autoencoders are trained. Nothing is opened yet.</summary>
    /// <param name="map">The method's block.</param>
    /// <param name="needed">What needs source networks, such as <c>prior: deep</c>; null for nothing.</param>
    /// <exception cref="AuditException">A value is out of range, or there are no sources where some are needed.</exception>
    public static KernelSources Parse(SpecMap map, string? needed)
    {
        string[] paths = [.. map.List(s_sources.Key, []).Select(path => Path.GetFullPath(path, map.Folder))];
        return needed is null || paths.Length > 0
            ? new KernelSources(paths, s_smallest.Read(map), KernelVaeSettings.Parse(map))
            : throw map.Error(s_sources.Key, $"'{needed}' learns from trained networks: name them with 'sources'.");
    }
}

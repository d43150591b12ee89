using System.Text;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>What was learnt from source kernels, for a card.</summary>
internal static class KernelsTable
{
    /// <summary>The table in Markdown; empty where nothing was learnt.</summary>
    /// <param name="learnt">What was learnt.</param>
    /// <param name="folder">The card's folder, from which files are named.</param>
    public static string Markdown(LearntKernels learnt, string folder)
    {
        if (learnt.Kernels.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder("\nOne kernel in twenty was held out to choose the state of the autoencoder that knows these best, and another one in "
                + "twenty to judge it by.\n\n")
            .Append("| layer | learnt from | autoencoder | it knows a kernel held out by | a normal distribution does by |\n|---|---|---|---:|---:|\n");
        foreach ((string layer, SourceKernels kernels) in learnt.Kernels)
        {
            DeepKernels? deep = learnt.Deep.GetValueOrDefault(layer);
            string file = deep is null ? "–" : $"`{Path.GetRelativePath(folder, deep.File).Replace('\\', '/')}`, SHA-256 `{deep.Sha256}`";
            string knows = deep is { HeldOut: var known } ? $"{Nats(known.Autoencoder)} | {Nats(known.Normal)}" : "– | –";
            text.Append($"| `{layer}` | {kernels} | {file} | {knows} |\n");
        }

        return text.ToString();

        static string Nats(double value) => double.IsNaN(value) ? "–" : $"{NumberText.Value(value)} nats";
    }
}

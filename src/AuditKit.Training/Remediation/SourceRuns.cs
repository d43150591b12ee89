using AuditKit.Models;
using AuditKit.Yaml;

namespace AuditKit.Training.Remediation;

/// <summary>Networks that a table trains before its rows, by a recipe of their own, for methods that learn from trained networks.</summary>
/// <param name="RecipeFile">Their recipe.</param>
/// <param name="Seeds">One network for each.</param>
public sealed record SourceRuns(string RecipeFile, IReadOnlyList<long> Seeds)
{
    /// <summary>What stands for their folder in the assignments of a row.</summary>
    public const string Variable = "$sources";

    /// <summary>Their folder's name below the table's.</summary>
    internal const string FolderName = "sources";

    /// <summary>Reads <c>sources: { recipe: FILE, seeds: [1, 2, 3] }</c>; null where it is absent.</summary>
    /// <exception cref="AuditException">A key is missing or unknown, or there is no seed.</exception>
    internal static SourceRuns? Parse(SpecMap? map, string folder)
    {
        if (map is null)
        {
            return null;
        }

        var runs = new SourceRuns(Path.GetFullPath(map.Text("recipe"), folder), SeedRuns.Parse(map, "seeds"));
        map.Finish();
        return runs;
    }

    /// <summary>Where they go, a folder a seed.</summary>
    internal static string Folder(string table) => Path.Combine(table, FolderName);

    /// <summary>Trains those that an earlier call did not finish; where another process is at it, waits for that.</summary>
    internal void Train(string table, Device device, int threads, Action<string, long, long> progress, CancellationToken cancellation)
    {
        string folder = Folder(table);
        Directory.CreateDirectory(folder);
        using FileStream turn = Turn(Path.Combine(table, "sources.lock"), cancellation);
        SeedRuns.Train(
            RecipeFile, [], Seeds, folder, device, threads, (what, done, total) => progress($"source networks, {what}", done, total), cancellation);
    }

    // The lock is the process's own: it goes when the process ends, however it ends.
    private static FileStream Turn(string file, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(2));
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }
}

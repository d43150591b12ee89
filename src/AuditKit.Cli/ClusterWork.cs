namespace AuditKit.Cli;

/// <summary>An audit or a table as jobs of a cluster.</summary>
/// <param name="Name">Its name among the jobs.</param>
/// <param name="File">Its file.</param>
/// <param name="Folder">Where it goes.</param>
/// <param name="Measure">The arguments that measure it, without the shard and the folder.</param>
/// <param name="Merge">The arguments that merge its shards' folders; empty for a table, which is made of what they have finished.</param>
/// <param name="Shards">How many pieces it is divided into, at least 1.</param>
internal sealed record ClusterWork(string Name, string File, string Folder, IReadOnlyList<string> Measure, IReadOnlyList<string> Merge, int Shards)
{
    /// <summary>Where the jobs' output goes.</summary>
    public string Logs => Path.Combine(Folder, "logs");

    /// <summary>Arguments of the job that does all of it.</summary>
    public IEnumerable<string> All => [.. Measure, "--out", Folder];

    /// <summary>Arguments of the job of one piece.</summary>
    /// <param name="number">What stands for its number where the job runs.</param>
    public IEnumerable<string> Piece(string number) =>
    [
        .. Measure, "--shard", $"auto/{Shards}",
        "--out", Merge.Count == 0 ? Folder : Path.Combine(Folder, ProcessShards.Folder, Shard.FolderNameOf(number, Shards)),
    ];

    /// <summary>The command line, for a shell, of the job that waits for all pieces: the audit's exit code is its own.</summary>
    /// <param name="program">How AuditKit is called.</param>
    public string LastLine(string program) => Merge.Count == 0
        ? $"exec {Shell([program, .. All, "--finished"])}"
        : $"exec {Shell([program, .. Merge])} {Shell([Path.Combine(Folder, ProcessShards.Folder)])}/{Shard.FolderNameOf("*", Shards)} "
            + Shell(["--out", Folder]);

    /// <summary>Words as a shell reads them.</summary>
    public static string Shell(IEnumerable<string> words) => string.Join(' ', words.Select(word
        => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '=' or ',' or ':') ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
}

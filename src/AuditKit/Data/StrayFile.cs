namespace AuditKit.Data;

/// <summary>Files that lie among images without being any: left by file managers, or notes and lists. They are left out and counted.</summary>
internal static class StrayFile
{
    private static readonly string[] s_names = ["thumbs.db", "ehthumbs.db", "desktop.ini"];
    private static readonly string[] s_endings = [".txt", ".md", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".yaml", ".yml"];

    /// <summary>Whether a file's name says that it is one.</summary>
    public static bool Is(string name)
        => s_names.Contains(name.ToLowerInvariant()) || s_endings.Contains(Path.GetExtension(name).ToLowerInvariant());

    /// <summary>What a report says of those that were left out; none where there were none.</summary>
    /// <param name="named">The names of those that were seen.</param>
    /// <param name="hidden">How many were hidden (<c>.DS_Store</c>, <c>._1.png</c>).</param>
    public static IEnumerable<Fact> LeftOut(IReadOnlyCollection<string> named, int hidden)
    {
        int count = named.Count + hidden;
        if (count > 0)
        {
            string[] which = [.. named.Distinct(), .. hidden > 0 ? [$"{NumberText.Count(hidden)} hidden"] : Array.Empty<string>()];
            yield return new Fact(
                "Files left out", $"{NumberText.Count(count, "file that is no image", "files that are no images")}: {WordList.First(which)}");
        }
    }
}

namespace AuditKit;

/// <summary>Words in a row, as sentences have them.</summary>
public static class WordList
{
    private const int Shown = 5;

    /// <summary>All of them: <c>a, b and c</c>.</summary>
    public static string Of(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";
    }

    /// <summary>The first few, and how many more there are: <c>a, b, c, d, e and 7 more</c>.</summary>
    public static string First(IReadOnlyCollection<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string first = string.Join(", ", words.Take(Shown));
        return words.Count > Shown ? $"{first} and {NumberText.Count(words.Count - Shown)} more" : first;
    }
}

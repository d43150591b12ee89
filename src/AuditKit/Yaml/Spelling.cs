namespace AuditKit.Yaml;

/// <summary>Words that were meant by words that are misspelt.</summary>
public static class Spelling
{
    // Shorter beginnings fit too much.
    private const int ShortestBeginning = 4;

    /// <summary>« Did you mean …?» for a word that is near one of the valid ones, or the beginning of one; empty otherwise.</summary>
    public static string Nearest(string word, IEnumerable<string> valid) => Meant(word, valid) is { } meant ? $" Did you mean '{meant}'?" : "";

    /// <summary>The valid word that a word is near, or the beginning of; null where there is none.</summary>
    internal static string? Meant(string word, IEnumerable<string> valid)
    {
        (string Word, int Distance)[] byDistance = [.. valid.Select(candidate => (candidate, EditDistance(word, candidate))).OrderBy(each => each.Item2)];
        return byDistance is [var best, ..] && best.Distance <= Math.Max(2, word.Length / 3) ? best.Word
            : word.Length < ShortestBeginning ? null
            : byDistance.Select(each => each.Word).FirstOrDefault(candidate => candidate.StartsWith(word, StringComparison.Ordinal));
    }

    // Levenshtein's distance, one row at a time.
    private static int EditDistance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}

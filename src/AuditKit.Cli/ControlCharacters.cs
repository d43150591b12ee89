using System.Text;

namespace AuditKit.Cli;

/// <summary>
/// Names come from anywhere: from classes, file names, YAML. Characters in them that a terminal would obey, or that turn
/// the order of what people read around, are shown by their numbers instead.
/// </summary>
internal static class ControlCharacters
{
    /// <summary>The text with such characters as <c>\u001b</c>; tabs and line breaks stay.</summary>
    public static string Escape(string text)
    {
        int at = 0;
        while (at < text.Length && !Obeyed(text, at))
        {
            at++;
        }

        if (at == text.Length)
        {
            return text;
        }

        var escaped = new StringBuilder(text, 0, at, text.Length + 16);
        for (; at < text.Length; at++)
        {
            _ = Obeyed(text, at) ? escaped.Append($"\\u{(int)text[at]:x4}") : escaped.Append(text[at]);
        }

        return escaped.ToString();
    }

    private static bool Obeyed(string text, int at) => text[at] switch
    {
        '\t' or '\n' => false,
        '\r' => at + 1 == text.Length || text[at + 1] != '\n',
        // Bidirectional marks, embeddings and isolates; line and paragraph separators.
        '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => true,
        char other => char.IsControl(other),
    };
}

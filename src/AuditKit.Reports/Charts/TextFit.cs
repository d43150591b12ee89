using System.Globalization;
using System.Text;

namespace AuditKit.Reports.Charts;

/// <summary>
/// How much room a text takes. Reports are drawn where no font can be asked, so widths are estimates: those of a
/// common sans serif, on the generous side.
/// </summary>
internal static class TextFit
{
    /// <summary>The width of a text at a font size, in the unit of the size.</summary>
    public static double Width(string text, double size)
    {
        double em = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            em += rune.Value switch
            {
                >= 0x1100 and not (>= 0x2000 and < 0x2E80) => 1.0,
                'i' or 'l' or 'j' or 't' or 'f' or 'r' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' or '\u00a0' => 0.34,
                'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.9,
                _ when Rune.IsUpper(rune) => 0.68,
                _ => 0.58,
            };
        }

        return em * size;
    }

    /// <summary>Where the middle of a text must be for the text to stay within the room: where it should be, or as near as can be.</summary>
    public static double Middle(string text, double wanted, double room, double size)
    {
        double half = Width(text, size) / 2;
        return Math.Clamp(wanted, half, room - half);
    }

    /// <summary>The text, cut with an ellipsis where it is wider than the room.</summary>
    public static string Cut(string text, double room, double size)
    {
        if (Width(text, size) <= room)
        {
            return text;
        }

        int[] starts = StringInfo.ParseCombiningCharacters(text);
        int keep = starts.Length;
        while (keep > 1 && Width(text[..starts[keep - 1]] + "…", size) > room)
        {
            keep--;
        }

        return text[..starts[keep - 1]].TrimEnd() + "…";
    }

    /// <summary>The text on at most <paramref name="lines"/> lines, broken at spaces; the last is cut if need be.</summary>
    public static IReadOnlyList<string> Wrap(string text, double room, double size, int lines)
    {
        var wrapped = new List<string>();
        string rest = text.Trim();
        while (wrapped.Count < lines - 1 && Width(rest, size) > room)
        {
            int at = -1;
            for (int space = rest.IndexOf(' '); space > 0 && Width(rest[..space], size) <= room; space = rest.IndexOf(' ', space + 1))
            {
                at = space;
            }

            if (at < 0)
            {
                break;
            }

            wrapped.Add(rest[..at]);
            rest = rest[(at + 1)..].TrimStart();
        }

        wrapped.Add(Cut(rest, room, size));
        return wrapped;
    }
}

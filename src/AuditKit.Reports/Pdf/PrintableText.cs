using System.Globalization;
using System.Text;

namespace AuditKit.Reports.Pdf;

/// <summary>
/// Text as a PDF/A can hold it. The standard forbids missing glyphs and characters without a meaning, so what no
/// font has, what is invisible and what is private becomes a visible <c>[U+202E]</c>.
/// </summary>
internal sealed class PrintableText
{
    private readonly FontFile[][] _families;

    public PrintableText(Fonts fonts)
        => _families = [.. fonts.Files.GroupBy(file => file.Family).Select(family => family.ToArray())];

    /// <summary>Whether any character has been replaced so far.</summary>
    public bool Replaced { get; private set; }

    /// <summary>Whether any character so far was Japanese only.</summary>
    public bool Kana { get; private set; }

    /// <summary>Whether any character so far was Korean only.</summary>
    public bool Hangul { get; private set; }

    /// <summary>The text, with lines ended by <c>\n</c>.</summary>
    public string Of(string text)
    {
        var printable = new StringBuilder(text.Length);
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text.ReplaceLineEndings("\n").Replace('\t', ' '));
        while (elements.MoveNext())
        {
            string element = elements.GetTextElement();
            // What belongs together on paper must come from one font.
            bool whole = element == "\n" || IsCovered(element);
            foreach (Rune rune in element.EnumerateRunes())
            {
                bool keep = whole || (!IsMark(rune) && IsCovered(rune.ToString()));
                printable.Append(keep ? rune.ToString() : $"[U+{rune.Value:X4}]");
                Replaced |= !keep;
                Kana |= rune.Value is >= 0x3041 and <= 0x30FF;
                Hangul |= rune.Value is >= 0xAC00 and <= 0xD7A3;
            }
        }

        return printable.ToString();
    }

    private bool IsCovered(string element)
        => element.EnumerateRunes().All(IsPlain)
            && _families.Any(family => element.EnumerateRunes().All(rune => family.All(file => file.Covers(rune))));

    private static bool IsMark(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // Joiners are letters' business in some scripts; other format characters can only deceive.
    private static bool IsPlain(Rune rune) => rune.Value is 0x200C or 0x200D
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}

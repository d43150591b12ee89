using System.Globalization;
using System.Text;

namespace AuditKit.Reports;

/// <summary>Writes HTML and SVG elements. Every text and attribute is escaped; numbers have at most two decimals.</summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new();

    /// <summary>Opens an element that <see cref="Close"/> ends. Attributes whose value is empty are left out.</summary>
    public void Open(string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Start(name, attributes);
        _text.Append('>');
    }

    /// <summary>Ends an element.</summary>
    public void Close(string name) => _text.Append("</").Append(name).Append('>');

    /// <summary>An element without content.</summary>
    public void Element(string name, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Start(name, attributes);
        _text.Append("/>");
    }

    /// <summary>An element with text in it.</summary>
    public void Text(string name, string text, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        Open(name, attributes);
        _text.Append(Escape(text));
        Close(name);
    }

    /// <summary>What is markup already.</summary>
    public void Raw(string markup) => _text.Append(markup);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>A number as markup has it.</summary>
    public static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The text without the characters that XML 1.0 cannot hold, not even escaped.</summary>
    public static string Legal(string text)
    {
        var legal = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool allowed = rune.Value is (>= 0x20 or '\t' or '\n') and not (0xFFFE or 0xFFFF);
            legal.Append((allowed ? rune : Rune.ReplacementChar).ToString());
        }

        return legal.ToString();
    }

    private static string Escape(string text) => Legal(text)
        .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;");

    private void Start(string name, ReadOnlySpan<(string Name, object Value)> attributes)
    {
        _text.Append('<').Append(name);
        foreach ((string key, object value) in attributes)
        {
            string text = value is double number ? Number(number) : Escape(string.Create(CultureInfo.InvariantCulture, $"{value}"));
            if (text.Length > 0)
            {
                _text.Append(' ').Append(key).Append("=\"").Append(text).Append('"');
            }
        }
    }
}

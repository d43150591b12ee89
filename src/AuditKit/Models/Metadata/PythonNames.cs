using System.Globalization;
using System.Text;

namespace AuditKit.Models.Metadata;

/// <summary>
/// Names as Python prints a dictionary or list of them, <c>{0: 'cat', 1: "dog's"}</c> or <c>['cat', 'dog']</c>. JSON of that form is read, too.
/// </summary>
/// <param name="source">What errors call it.</param>
/// <param name="text">The text.</param>
internal sealed class PythonNames(string source, string text)
{
    private int _at;

    /// <summary>The names in the order of their indices.</summary>
    /// <exception cref="AuditException">The text is not of that form.</exception>
    public IReadOnlyList<string> Read()
    {
        bool isDictionary = Peek() == '{';
        char end = isDictionary ? '}' : ']';
        Expect(isDictionary ? '{' : '[');
        List<(string Index, string Name)> names = [];
        while (Peek() != end)
        {
            string index = isDictionary ? Key() : names.Count.ToString(CultureInfo.InvariantCulture);
            names.Add((index, Quoted()));
            if (Peek() != end)
            {
                Expect(',');
            }
        }

        Expect(end);
        return Peek() == '\0' ? ClassNames.ByIndex(source, names) : throw Wrong();
    }

    private string Key()
    {
        string key;
        if (Peek() is '\'' or '"')
        {
            key = Quoted();
        }
        else
        {
            int start = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            {
                _at++;
            }

            key = text[start.._at];
        }

        Expect(':');
        return key;
    }

    private string Quoted()
    {
        char quote = Peek();
        Expect(quote is '\'' or '"' ? quote : '\'');
        var name = new StringBuilder();
        while (_at < text.Length && text[_at] != quote)
        {
            name.Append(text[_at] == '\\' ? Escaped() : text[_at++]);
        }

        Expect(quote);
        return name.ToString();
    }

    private string Escaped()
    {
        char kind = _at + 1 < text.Length ? text[_at + 1] : throw Wrong();
        _at += 2;
        int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0)
        {
            return kind switch { 'n' => "\n", 't' => "\t", 'r' => "\r", '\\' or '\'' or '"' or '/' => kind.ToString(), _ => throw Wrong() };
        }

        if (_at + digits > text.Length || !int.TryParse(text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
        {
            throw Wrong();
        }

        _at += digits;
        return digits == 8 ? Rune.IsValid(code) ? new Rune(code).ToString() : throw Wrong() : ((char)code).ToString();
    }

    // The next character that is no space, or NUL at the end; it is not taken.
    private char Peek()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        return _at < text.Length ? text[_at] : '\0';
    }

    private void Expect(char wanted)
    {
        if (Peek() != wanted)
        {
            throw Wrong();
        }

        _at++;
    }

    private AuditException Wrong() => new($"{source} is no list of names such as {{0: 'cat', 1: 'dog'}} (at its letter {_at + 1}).");
}

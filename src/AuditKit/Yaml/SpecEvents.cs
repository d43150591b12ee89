using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AuditKit.Yaml;

/// <summary>
/// YamlDotNet's events of one spec, which comes from anywhere. YamlDotNet's scanner and parser keep stacks of their own,
/// but what builds nodes of their events, and what walks over the nodes, recurses; so nesting is bounded here, where the
/// events pass, and whatever the parser throws becomes an error with its place in the file.
/// </summary>
internal sealed class SpecEvents : IParser
{
    /// <summary>Mappings and lists in each other.</summary>
    public const int MaxDepth = 100;

    // A file of a megabyte cannot hold as many; aliases of aliases can.
    private const int MaxValues = 1 << 20;

    private readonly Func<Mark, string> _place;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly Stack<Collection> _open = [];
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);
    private int _documents;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="place">What an error message names a place by.</param>
    /// <exception cref="AuditException">The text has control characters.</exception>
    public SpecEvents(string text, Func<Mark, string> place)
    {
        _place = place;
        RefuseControlCharacters(text);
        _scanner = new Scanner(new StringReader(text));
        _parser = new Parser(_scanner);
    }

    /// <inheritdoc/>
    public ParsingEvent? Current => _parser.Current;

    /// <inheritdoc/>
    /// <exception cref="AuditException">What comes next is no YAML, or none that a spec may hold.</exception>
    public bool MoveNext()
    {
        bool more;
        try
        {
            more = _parser.MoveNext();
        }
#pragma warning disable CA1031 // YamlDotNet gives up on some texts by exceptions of many other types.
        catch (Exception e)
        {
            throw NotYaml(e, _scanner.CurrentPosition);
        }
#pragma warning restore CA1031

        switch (Current)
        {
            case DocumentStart start when ++_documents > 1:
                throw Error(start.Start, "a second document begins here, but a spec is one.");
            case AnchorAlias alias:
                Add(alias, ValuesOf(alias));
                break;
            case Scalar scalar:
                RefuseNul(scalar);
                Add(scalar, 1);
                Remember(scalar.Anchor, 1);
                break;
            case MappingStart or SequenceStart:
                Open((NodeEvent)Current);
                break;
            case MappingEnd or SequenceEnd:
                Collection closed = _open.Pop();
                Remember(closed.Start.Anchor, closed.Values);
                Count(closed.Start, closed.Values);
                break;
        }

        return more;
    }

    /// <summary>An error of the text, with its place.</summary>
    public AuditException Error(Mark place, string message, Exception? inner = null) => new($"{_place(place)}: {message}", inner: inner);

    /// <summary>What YamlDotNet threw, with its place, and the bracket that was open there.</summary>
    /// <param name="e">What it threw.</param>
    /// <param name="otherwise">The place, where the exception has none: it is said to be the text's start then.</param>
    public AuditException NotYaml(Exception e, Mark otherwise)
    {
        Mark place = e is YamlException { Start: { Index: > 0 } start } ? start : otherwise;
        string detail = e is YamlException ? (e.InnerException?.Message ?? e.Message) : "it cannot be read on from here.";
        string open = _open.TryPeek(out Collection? inner) && inner.Bracket is { } bracket
            ? $" The '{bracket}' of line {inner.Start.Start.Line}, column {inner.Start.Start.Column} is still open here."
            : "";
        return Error(place, $"not valid YAML: {detail}{open}", e);
    }

    private void Open(NodeEvent start)
    {
        Add(start, 0);
        _open.Push(new Collection(start));
        if (_open.Count > MaxDepth)
        {
            throw Error(start.Start, $"nested deeper than {MaxDepth} levels.");
        }
    }

    private int ValuesOf(AnchorAlias alias) => _values.TryGetValue(alias.Value.Value, out int values)
        ? values
        : throw Error(alias.Start, $"'*{alias.Value}' repeats an anchor, but no '&{alias.Value}' is complete before it.");

    // Keys stand at every other place of a mapping.
    private void Add(ParsingEvent node, int values)
    {
        if (_open.TryPeek(out Collection? parent))
        {
            bool isKey = parent.Start is MappingStart && parent.Children++ % 2 == 0;
            if (isKey && node is not Scalar)
            {
                throw Error(node.Start, "a key must be a single word.");
            }
        }

        Count(node, values);
    }

    private void Count(ParsingEvent node, int values)
    {
        if (_open.TryPeek(out Collection? parent) && (parent.Values += values) > MaxValues)
        {
            throw Error(node.Start, $"aliases repeat more than {MaxValues} values.");
        }
    }

    private void Remember(AnchorName anchor, int values)
    {
        if (!anchor.IsEmpty)
        {
            _values[anchor.Value] = values;
        }
    }

    // "\0" may be written in quotes, and would end a path in the middle.
    private void RefuseNul(Scalar scalar)
    {
        if (scalar.Value.Contains('\0', StringComparison.Ordinal))
        {
            throw Error(scalar.Start, "the character U+0000 cannot stand in a value.");
        }
    }

    // YAML knows no others than tab and line breaks. YamlDotNet takes U+0000 for the end, and would read half a spec.
    private void RefuseControlCharacters(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            bool pair = char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (c < ' ' ? c is not ('\t' or '\n' or '\r') : char.IsSurrogate(c) && !pair)
            {
                int line = text.AsSpan(0, at).Count('\n') + 1;
                throw Error(new Mark(at, line, at - text.LastIndexOf('\n', at)), $"the character U+{(int)c:X4} cannot stand in YAML.");
            }

            at += pair ? 1 : 0;
        }
    }

    /// <summary>A mapping or a sequence that has begun.</summary>
    private sealed class Collection(NodeEvent start)
    {
        public NodeEvent Start { get; } = start;

        public int Children { get; set; }

        /// <summary>Values in it so far, those of aliases as often as they are repeated.</summary>
        public int Values { get; set; }

        public char? Bracket => Start switch
        {
            MappingStart { Style: MappingStyle.Flow } => '{',
            SequenceStart { Style: SequenceStyle.Flow } => '[',
            _ => null,
        };
    }
}

using System.Globalization;

namespace AuditKit;

/// <summary>One of the pieces that an audit is divided into for several machines.</summary>
public readonly record struct Shard
{
    /// <summary>The most pieces: more are no use, and their number is a typing error.</summary>
    private const int Most = 100_000;

    /// <summary>A piece.</summary>
    /// <param name="number">Which one, from 1.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="AuditException">There is no such piece.</exception>
    public Shard(int number, int count)
    {
        if (count is < 1 or > Most || number < 1 || number > count)
        {
            throw new AuditException($"There is no shard {number} of {count}: they are numbered from 1 to their number, which is at most {Most}.");
        }

        (Number, Count) = (number, count);
    }

    /// <summary>Which one, from 1.</summary>
    public int Number { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The name of a folder of its own: <c>3-of-64</c>.</summary>
    public string FolderName => FolderNameOf($"{Number}", Count);

    /// <summary>The piece after this one; the first after the last.</summary>
    internal Shard Next => new((Number % Count) + 1, Count);

    /// <summary>Whether something falls to this piece, where things are dealt in turn.</summary>
    /// <param name="place">Its place in the order of dealing, from 0.</param>
    public bool Holds(int place) => Is(place % Count);

    /// <summary>Whether it is a certain one, counted from 0.</summary>
    internal bool Is(int index) => index == Number - 1;

    /// <summary>The name of a piece's folder.</summary>
    /// <param name="number">Its number, or what stands for it.</param>
    /// <param name="count">How many pieces there are.</param>
    public static string FolderNameOf(string number, int count) => $"{number}-of-{count}";

    /// <summary>Reads <c>3/64</c>.</summary>
    /// <exception cref="AuditException">The text names no piece.</exception>
    public static Shard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var number, var count] && Whole(number) is { } n && Whole(count) is { } of
            ? new Shard(n, of)
            : throw new AuditException($"'{text}' is no shard. Give its number and how many there are: 3/64.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Number}/{Count}";

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}

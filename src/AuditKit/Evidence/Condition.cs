using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AuditKit.Evidence;

/// <summary>
/// What outcomes were measured under. Two conditions are the same when they agree in everything that outcomes depend on
/// besides the run's model, data and seed; a check whose option changes therefore measures under another condition.
/// </summary>
public sealed class Condition : IEquatable<Condition>
{
    /// <summary>The option of <see cref="ConditionKind.Augmented"/> that says how many samples were averaged.</summary>
    public const string Samples = "samples";

    private readonly SortedDictionary<string, string> _options = new(StringComparer.Ordinal);

    /// <summary>A condition.</summary>
    /// <param name="kind">What was done.</param>
    /// <param name="check">The check that alone measures it, by its key; empty for one that several share.</param>
    /// <param name="name">What people call it: <c>jpeg-50</c>.</param>
    /// <param name="options">Everything that the outcomes depend on, by key; numbers are written in round-trip form.</param>
    public Condition(ConditionKind kind, string check, string name, params IEnumerable<(string Key, object Value)> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Kind, Check, Name) = (kind, check, name);
        foreach ((string key, object value) in options)
        {
            _options.Add(key, Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }
    }

    /// <summary>The images as they are in their data set.</summary>
    public static Condition Clean { get; } = new(ConditionKind.Clean, "", "clean");

    /// <summary>What was done to the images, or is measured of them.</summary>
    public ConditionKind Kind { get; }

    /// <summary>The check that alone measures it, by its key; empty for one that several share.</summary>
    public string Check { get; }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>Everything that the outcomes depend on, by key.</summary>
    public IReadOnlyDictionary<string, string> Options => _options;

    /// <summary>The digest of the run that the outcomes were copied from; empty for the run's own.</summary>
    public string Origin { get; init; } = "";

    /// <summary>SHA-256 (lower-case hex) over all of the above: what the evidence tells conditions apart by.</summary>
    public string Digest => field ??= ComputeDigest();

    /// <summary>The same condition in another run.</summary>
    /// <param name="origin">That run's digest; empty for the run's own.</param>
    public Condition From(string origin) => new(Kind, Check, Name, _options.Select(option => (option.Key, (object)option.Value))) { Origin = origin };

    /// <inheritdoc/>
    public bool Equals(Condition? other) => other is not null && Digest == other.Digest;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Condition);

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private string ComputeDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string text in (string[])[Kind.ToString(), Check, Name, Origin, .. _options.SelectMany(option => new[] { option.Key, option.Value })])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

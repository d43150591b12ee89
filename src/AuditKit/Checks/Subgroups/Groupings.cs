using System.Text.Json.Nodes;
using AuditKit.Yaml;

namespace AuditKit.Checks.Subgroups;

/// <summary>Groupings as they are asked for, before it is known which attributes the data has.</summary>
/// <param name="names">Such as <c>class</c>, <c>place</c>, <c>class x brightness/3</c>.</param>
public sealed class Groupings(params IReadOnlyList<string> names)
{
    private readonly Func<string, AuditException> _refuse = message => new AuditException(message);

    internal Groupings(IReadOnlyList<string> names, Func<string, AuditException> refuse)
        : this(names) => _refuse = refuse;

    /// <summary>The groupings as they were written.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>The groupings of data with such attributes.</summary>
    /// <exception cref="AuditException">There is no such attribute, or two are the same; the message has line and column where they were
    /// read from a spec.</exception>
    public IReadOnlyList<Grouping> Bind(IReadOnlyList<string> attributes)
    {
        Grouping[] groupings;
        try
        {
            groupings = [.. names.Select(name => Grouping.Parse(name, attributes))];
        }
        catch (AuditException e)
        {
            throw _refuse(e.Message);
        }

        return groupings.CountBy(grouping => grouping.Name).FirstOrDefault(each => each.Value > 1) is { Key: { } twice }
            ? throw _refuse($"'{twice}' is named twice.")
            : groupings;
    }
}

/// <summary>A spec's list of groupings, <c>by: [class, brightness/3]</c>.</summary>
/// <param name="description">What the groups are for.</param>
internal sealed class GroupingsKey(string description) : SpecKey("by", description)
{
    /// <summary>Reads the key; no grouping where it is absent.</summary>
    public Groupings Read(SpecMap map) => new(map.List(Key, []), message => map.Error(Key, message));

    /// <inheritdoc/>
    protected override JsonObject Values() => OneOrMore(new JsonObject { ["type"] = "string" });
}

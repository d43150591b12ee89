namespace AuditKit.Yaml;

/// <summary>Where a block of options stands in a spec: for errors that show only when what the block names is opened.</summary>
/// <remarks>Options are the same wherever they stand, so that any two places are equal.</remarks>
/// <param name="map">The block; null where the options were built in code.</param>
internal sealed class SpecPlace(SpecMap? map) : IEquatable<SpecPlace>
{
    /// <summary>The place of options that were built in code.</summary>
    public static SpecPlace None { get; } = new(null);

    /// <summary>An error at a key, which is named by those that lead to it from the block.</summary>
    public AuditException Error(IReadOnlyList<string> key, string message)
        => map is null ? new AuditException(message) : key.SkipLast(1).Aggregate(map, (block, name) => block.Map(name)).Error(key[^1], message);

    /// <summary>How an error's message begins that says which key it is about: <c>data.path: </c>; empty where the options were built in code.</summary>
    public string Named(string key) => map is null ? "" : map.Path.Length == 0 ? $"{key}: " : $"{map.Path}.{key}: ";

    /// <summary>Refuses a path that leads nowhere.</summary>
    /// <param name="key">The key that gives it.</param>
    /// <param name="path">The full path; null where the key is absent.</param>
    /// <param name="remedy">What to do, a sentence; empty where that is plain.</param>
    /// <exception cref="AuditException">Nothing is there.</exception>
    public void RequirePath(string key, string? path, string remedy = "")
    {
        if (path is not null && !Path.Exists(path))
        {
            throw Error([key], $"{Named(key)}{path}: there is no such folder or file.{(remedy.Length == 0 ? "" : $" {remedy}")}");
        }
    }

    /// <inheritdoc/>
    public bool Equals(SpecPlace? other) => other is not null;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SpecPlace);

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}

namespace AuditKit.Models.Onnx;

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Type">The type of its elements; <see cref="ElementType.Undefined"/> where the engine infers it.</param>
/// <param name="Shape">Its dimensions; null where not even their number is given.</param>
public sealed record GraphValue(string Name, ElementType Type = ElementType.Undefined, IReadOnlyList<Dimension>? Shape = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {Type}{(Shape is null ? "" : $" [{string.Join(", ", Shape)}]")}";
}

/// <summary>One dimension of a graph's input or output: a number, a name such as <c>batch</c>, or unknown.</summary>
/// <param name="Size">The length, where it is fixed.</param>
/// <param name="Name">The name, where it is variable and has one.</param>
public readonly record struct Dimension(long? Size, string? Name = null)
{
    /// <summary>A fixed dimension.</summary>
    public static implicit operator Dimension(long size) => new(size);

    /// <summary>A variable dimension.</summary>
    public static implicit operator Dimension(string name) => new(null, name);

    /// <inheritdoc/>
    public override string ToString() => Size is { } size ? InvariantText.Of(size) : Name ?? "?";
}

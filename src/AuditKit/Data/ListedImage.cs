namespace AuditKit.Data;

/// <summary>An image as a list names it.</summary>
/// <param name="Path">Its path in the tree.</param>
/// <param name="Label">Its class.</param>
/// <param name="Attributes">Its value of every attribute.</param>
/// <param name="Region">The part of it that is taken; null for the whole.</param>
internal readonly record struct ListedImage(string Path, int Label, IReadOnlyList<string> Attributes, Region? Region = null);

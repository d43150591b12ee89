namespace AuditKit.Data;

/// <summary>An image as a list names it.</summary>
/// <param name="Path">Its path in the tree.</param>
/// <param name="Label">Its class.</param>
/// <param name="Attributes">Its value of every attribute.</param>
internal readonly record struct ListedImage(string Path, int Label, IReadOnlyList<string> Attributes);

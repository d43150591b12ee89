namespace AuditKit.Data;

/// <summary>What a spec asks of the data at a location.</summary>
/// <param name="Split">The split; null for all images.</param>
/// <param name="Name">What reports call the data.</param>
/// <param name="Classes">Class names in the order of the model's outputs; empty to take them from the data.</param>
/// <param name="Target">Which label is predicted, for formats with several; null for the usual one.</param>
internal sealed record DataRequest(string? Split, string Name, IReadOnlyList<string> Classes, string? Target = null)
{
    /// <summary>The columns of a list.</summary>
    public ListColumns Columns { get; init; } = ListColumns.Usual;

    /// <summary>Whether images are cut to the regions that a list gives.</summary>
    public bool CropsToRegion { get; init; }
}

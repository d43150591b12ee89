using AuditKit.Imaging;

namespace AuditKit.Results;

/// <summary>An original and what became of it, side by side.</summary>
/// <param name="Caption">What is seen: the image's source, what was done, both predictions.</param>
/// <param name="Panels">The images with a label each: original, perturbed, difference …</param>
public sealed record Example(string Caption, IReadOnlyList<ExamplePanel> Panels)
{
    /// <summary>The image's index in the audited data; null where it is of other data.</summary>
    public int? Image { get; init; }

    /// <summary>What a gallery is filtered by, a fact a filter: the image's class, what changed it, the groups that it is in.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];
}

/// <summary>One image of an example.</summary>
/// <param name="Label">What is written under it: <c>sneaker, 98 %</c>.</param>
/// <param name="Image">The image, as the model saw it (8-bit).</param>
public sealed record ExamplePanel(string Label, Image Image);

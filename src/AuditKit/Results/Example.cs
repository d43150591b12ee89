using AuditKit.Imaging;

namespace AuditKit.Results;

/// <summary>An original and what became of it, side by side.</summary>
/// <param name="Caption">What is seen: the image's source, what was done, both predictions.</param>
/// <param name="Panels">The images with a label each: original, perturbed, difference …</param>
public sealed record Example(string Caption, IReadOnlyList<ExamplePanel> Panels);

/// <summary>One image of an example.</summary>
/// <param name="Label">What is written under it: <c>sneaker, 98 %</c>.</param>
/// <param name="Image">The image, as the model saw it (8-bit).</param>
public sealed record ExamplePanel(string Label, Image Image);

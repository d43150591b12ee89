using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

/// <summary>
/// What a variant of test-time augmentation shows the model instead of one image: sample x̂_s for s = 0, 1, 2 …
/// </summary>
public interface IViews
{
    /// <summary>The name, with everything that the samples depend on besides seed, image and number: <c>randaugment-2-15</c>.</summary>
    string Name { get; }

    /// <summary>How specs call it, whatever its settings: <c>randaugment</c>.</summary>
    string Key => Name;

    /// <summary>Changes where samples of the same name are no longer the same, so that outcomes of earlier ones are not taken for theirs.</summary>
    string Edition => $"{Augmentation.Edition}";

    /// <summary>One sentence for the report.</summary>
    string Description { get; }

    /// <summary>How many samples there are; null where they are drawn without end.</summary>
    int? Samples { get; }

    /// <summary>Sample number <paramref name="sample"/>. Safe to call from several threads.</summary>
    /// <param name="image">The image after <c>model.resize</c>, before the centre is cut out.</param>
    /// <param name="input">What the model takes.</param>
    /// <param name="sample">The sample's number s ≥ 0.</param>
    /// <param name="random">The draws that belong to this image and sample.</param>
    /// <returns>An image of the model's size, or a larger one whose centre is then cut out.</returns>
    Image Make(Image image, InputShape input, int sample, CounterRandom random);
}

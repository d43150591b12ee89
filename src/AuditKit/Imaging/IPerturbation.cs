namespace AuditKit.Imaging;

/// <summary>A change of an image that should not change what it shows: JPEG, crop, thumbnail, noise …</summary>
public interface IPerturbation
{
    /// <summary>The name as specs and reports write it, strength included: <c>jpeg-50</c>, <c>crop-2</c>.</summary>
    string Name { get; }

    /// <summary>One sentence for the report: what is done, with which constants and which library.</summary>
    string Description { get; }

    /// <summary>The perturbed image, of the same size and channels. Safe to call from several threads.</summary>
    /// <param name="image">The original, which is not changed.</param>
    /// <param name="random">The draws that belong to this image under this condition.</param>
    Image Apply(Image image, CounterRandom random);
}

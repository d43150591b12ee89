namespace AuditKit.Imaging.Corruptions;

/// <summary>The four kinds of corruption that Hendrycks and Dietterich average over.</summary>
public enum CorruptionCategory
{
    /// <summary>Random changes of single samples.</summary>
    Noise,

    /// <summary>Loss of sharpness.</summary>
    Blur,

    /// <summary>What the weather does to a scene or a lens.</summary>
    Weather,

    /// <summary>What processing does to an image.</summary>
    Digital,
}

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>How large a CycleGAN's networks are.</summary>
/// <param name="Width">Channels of the first layers; each halving of the image doubles them.</param>
/// <param name="Halvings">How often the image is halved.</param>
/// <param name="Blocks">Residual blocks of a generator.</param>
/// <param name="Kernel">Side of a generator's first and last kernel.</param>
internal sealed record GanSize(int Width, int Halvings, int Blocks, int Kernel)
{
    /// <summary>
    /// The size for images: the paper's from 128 pixels on (Zhu et al. 2017, appendix 7.2: 6 blocks for 128 pixels, 9 for
    /// more), smaller ones below, which a CPU can train.
    /// </summary>
    /// <param name="side">The longer side in pixels.</param>
    public static GanSize For(int side) => side switch
    {
        <= 32 => new GanSize(8, 1, 2, 3),
        <= 64 => new GanSize(16, 2, 4, 3),
        < 128 => new GanSize(32, 2, 6, 7),
        128 => new GanSize(64, 2, 6, 7),
        _ => new GanSize(64, 2, 9, 7),
    };
}

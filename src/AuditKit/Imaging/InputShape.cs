namespace AuditKit.Imaging;

/// <summary>The shape of one input image.</summary>
/// <param name="Channels">Channels C: 1 or 3.</param>
/// <param name="Height">Height H in pixels.</param>
/// <param name="Width">Width W in pixels.</param>
public readonly record struct InputShape(int Channels, int Height, int Width)
{
    /// <summary>Floats in one image, C·H·W.</summary>
    public int Length => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels}×{Height}×{Width}";
}

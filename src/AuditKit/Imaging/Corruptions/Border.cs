namespace AuditKit.Imaging.Corruptions;

/// <summary>What lies beyond the border of an image with the rows or columns a b c d.</summary>
internal enum Border
{
    /// <summary>a a | a b c d | d d</summary>
    Nearest,

    /// <summary>b a | a b c d | d c</summary>
    Reflect,

    /// <summary>c b | a b c d | c b</summary>
    Mirror,
}

/// <summary>Indices beyond the border.</summary>
internal static class Borders
{
    /// <summary>The row or column inside 0 … length − 1 that stands at an index outside.</summary>
    public static int Inside(this Border border, int index, int length)
    {
        if ((uint)index < (uint)length || length == 1)
        {
            return length == 1 ? 0 : index;
        }

        if (border == Border.Nearest)
        {
            return Math.Clamp(index, 0, length - 1);
        }

        // Both reflections repeat after there and back; the mirror's ends are passed once, not twice.
        int ends = border == Border.Reflect ? 0 : 1;
        int period = 2 * (length - ends);
        int there = ((index % period) + period) % period;
        return there < length ? there : period - there - 1 + ends;
    }
}

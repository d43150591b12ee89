using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

public class LumaTests
{
    // Digest: Pillow 9.4's convert("L") of the colours whose samples are multiples of 15, in this order.
    [Fact]
    public void Colours_over_the_whole_cube_have_Pillows_luma()
    {
        byte[] levels = [.. Enumerable.Range(0, 18).Select(i => (byte)(15 * i))];
        byte[] colours = [.. from r in levels from g in levels from b in levels from sample in new[] { r, g, b } select sample];
        Assert.Equal(
            "28d89633392b21fa903e42be32824446cf721707cf6641ab4a6046456401cd63",
            Samples.Digest(Luma.Of(new Image(18 * 18, 18, 3, colours))));
    }

    [Fact]
    public void Grey_is_its_own_luma()
        => Assert.Equal([1, 2, 255], Luma.Of(new Image(3, 1, 1, [1, 2, 255])).ToArray());
}

using AuditKit.Imaging;
using AuditKit.Imaging.Attributes;

namespace AuditKit.Tests.Imaging.Attributes;

public class SharpnessTests
{
    [Fact]
    public void A_ramp_has_no_detail()
        => Assert.Equal(0, Sharpness.Of(new Image(8, 8, 1, [.. Enumerable.Range(0, 64).Select(i => (byte)((i % 8 * 20) + (i / 8 * 10)))])));

    [Fact]
    public void A_checkerboard_swings_by_four_steps_around_zero()
    {
        // Inner pixels: 4·(255 − 0) and 4·(0 − 255), eight of each.
        byte[] board = [.. Enumerable.Range(0, 36).Select(i => (byte)(((i % 6) + (i / 6)) % 2 * 255))];
        Assert.Equal(1020.0 * 1020.0, Sharpness.Of(new Image(6, 6, 1, board)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 9)]
    [InlineData(9, 2)]
    [InlineData(3, 3)]
    public void An_image_with_at_most_one_inner_pixel_has_none(int width, int height)
        => Assert.Equal(0, Sharpness.Of(Samples.Pattern(width, height, 1)));

    // numpy over Pillow's luma: (L[:-2,1:-1] + L[2:,1:-1] + L[1:-1,:-2] + L[1:-1,2:] - 4 * L[1:-1,1:-1]).var().
    [Fact]
    public void Colours_count_by_their_luma()
        => Assert.Equal(22629.89264726244, Sharpness.Of(Samples.Pattern(33, 29, 3)), 8);
}

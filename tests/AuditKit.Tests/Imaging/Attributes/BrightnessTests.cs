using AuditKit.Imaging;
using AuditKit.Imaging.Attributes;

namespace AuditKit.Tests.Imaging.Attributes;

public class BrightnessTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, 0.0)]
    [InlineData(255, 255, 255, 255, 1.0)]
    [InlineData(0, 51, 102, 255, 0.4)]
    public void Grey_images_worked_by_hand(byte a, byte b, byte c, byte d, double expected)
        => Assert.Equal(expected, Brightness.Of(new Image(2, 2, 1, [a, b, c, d])), 15);

    // numpy over Pillow's luma: L.mean() / 255.
    [Fact]
    public void Colours_count_by_their_luma()
        => Assert.Equal(0.5064847255516627, Brightness.Of(Samples.Pattern(33, 29, 3)), 14);
}

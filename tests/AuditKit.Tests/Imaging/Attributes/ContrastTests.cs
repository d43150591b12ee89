using AuditKit.Imaging;
using AuditKit.Imaging.Attributes;

namespace AuditKit.Tests.Imaging.Attributes;

public class ContrastTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, 0.0)]
    [InlineData(77, 77, 77, 77, 0.0)]
    [InlineData(0, 255, 0, 255, 0.5)]
    [InlineData(102, 153, 153, 102, 0.1)]
    public void Grey_images_worked_by_hand(byte a, byte b, byte c, byte d, double expected)
        => Assert.Equal(expected, Contrast.Of(new Image(2, 2, 1, [a, b, c, d])), 15);

    // numpy over Pillow's luma: (L / 255).std().
    [Fact]
    public void Colours_count_by_their_luma()
        => Assert.Equal(0.20113880789366448, Contrast.Of(Samples.Pattern(33, 29, 3)), 14);
}

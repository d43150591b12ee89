using System.Drawing;
using AuditKit.Imaging.Attributes;
using Image = AuditKit.Imaging.Image;

namespace AuditKit.Tests.Imaging.Attributes;

public class DominantColourTests
{
    [Theory]
    [InlineData(0, 0, 0, "black")]
    [InlineData(0, 0, 50, "black")]
    [InlineData(0, 0, 51, "blue")]
    [InlineData(51, 51, 51, "grey")]
    [InlineData(203, 203, 203, "grey")]
    [InlineData(204, 204, 204, "white")]
    [InlineData(255, 206, 206, "white")]
    [InlineData(255, 204, 204, "red")]
    [InlineData(255, 0, 0, "red")]
    [InlineData(255, 0, 10, "red")]
    [InlineData(255, 128, 0, "orange")]
    [InlineData(255, 255, 0, "yellow")]
    [InlineData(0, 128, 0, "green")]
    [InlineData(0, 255, 255, "cyan")]
    [InlineData(0, 0, 255, "blue")]
    [InlineData(128, 0, 255, "purple")]
    [InlineData(255, 0, 255, "pink")]
    public void A_plain_image_has_its_colours_name(byte r, byte g, byte b, string name)
        => Assert.Equal(name, DominantColour.Of(new Image(2, 1, 3, [r, g, b, r, g, b])));

    [Fact]
    public void Most_pixels_decide_and_ties_go_to_the_first_name()
    {
        Assert.Equal("blue", DominantColour.Of(new Image(3, 1, 3, [255, 0, 0, 0, 0, 255, 0, 0, 255])));
        Assert.Equal("red", DominantColour.Of(new Image(2, 1, 3, [0, 0, 255, 255, 0, 0])));
    }

    [Theory]
    [InlineData(10, "black")]
    [InlineData(100, "grey")]
    [InlineData(250, "white")]
    public void Grey_images_have_grey_names(byte value, string name)
        => Assert.Equal(name, DominantColour.Of(new Image(1, 1, 1, [value])));

    [Fact]
    public void Hues_are_those_of_the_class_library()
    {
        (string Name, float End)[] hues =
            [("red", 15), ("orange", 45), ("yellow", 70), ("green", 165), ("cyan", 195), ("blue", 255), ("purple", 290), ("pink", 345), ("red", 361)];
        int[] levels = [.. Enumerable.Range(0, 16).Select(i => 17 * i)];
        foreach ((int r, int g, int b) in from r in levels from g in levels from b in levels select (r, g, b))
        {
            int max = Math.Max(r, Math.Max(g, b)), min = Math.Min(r, Math.Min(g, b));
            float hue = Color.FromArgb(r, g, b).GetHue();
            if (max >= 51 && max - min >= 0.2 * max && hues.All(h => Math.Abs(h.End - hue) > 0.001))
            {
                string expected = hues.First(h => hue < h.End).Name;
                Assert.Equal(expected, DominantColour.Of(new Image(1, 1, 3, [(byte)r, (byte)g, (byte)b])));
            }
        }
    }
}

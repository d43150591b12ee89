using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

public class ExifOrientationTests
{
    // Two rows of three, as a camera stored them: abc / def.
    [Theory]
    [InlineData(1, 3, "abcdef")]
    [InlineData(2, 3, "cbafed")]
    [InlineData(3, 3, "fedcba")]
    [InlineData(4, 3, "defabc")]
    [InlineData(5, 2, "adbecf")]
    [InlineData(6, 2, "daebfc")]
    [InlineData(7, 2, "fcebda")]
    [InlineData(8, 2, "cfbead")]
    public void Each_orientation_is_undone(int orientation, int width, string upright)
    {
        var stored = new Image(3, 2, 1, [.. "abcdef"u8]);

        Image image = ExifOrientation.Apply(stored, orientation);

        Assert.Equal((width, 6 / width), (image.Width, image.Height));
        Assert.Equal(upright, string.Concat(image.Samples.Select(sample => (char)sample)));
    }

    [Theory]
    [InlineData("4D4D002A00000008000101120003000000010006000000000000", 6)]
    [InlineData("49492A000800000001001201030001000000080000000000", 8)]
    [InlineData("49492A000800000002001201040001000000080000001201030001000000030000000000", 3)]
    [InlineData("49492A000800000001001201030001000000090000000000", 1)]
    [InlineData("49492A00FFFFFFFF01001201030001000000080000000000", 1)]
    [InlineData("49492A0008000000FFFF", 1)]
    [InlineData("49492A0008000000", 1)]
    [InlineData("49492B000800000001001201030001000000080000000000", 1)]
    [InlineData("", 1)]
    public void The_tag_is_found_in_either_byte_order_and_broken_blocks_mean_upright(string hex, int orientation)
        => Assert.Equal(orientation, ExifOrientation.Read(Convert.FromHexString(hex)));
}

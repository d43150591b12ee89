using AuditKit.Imaging;

namespace AuditKit.Tests.Imaging;

public sealed class ContactSheetTests
{
    [Fact]
    public void Images_lie_in_their_cells_row_by_row_with_paper_between()
    {
        var red = new Image(1, 1, 3, [255, 0, 0]);
        var wide = new Image(2, 1, 1, [10, 20]);

        Image sheet = ContactSheet.Of([red, wide, red], columns: 2, cell: 4, gap: 1);

        Assert.Equal((11, 11, 3), (sheet.Width, sheet.Height, sheet.Channels));
        Assert.Equal((255, 0, 0), (sheet[1, 1, 0], sheet[4, 4, 1], sheet[1, 4, 2]));
        Assert.Equal((255, 255), (sheet[0, 1, 1], sheet[1, 5, 1]));
        // The wide image is 4×2, in the middle of its cell; its two pixels are two squares.
        Assert.Equal([255, 10, 10, 20, 20, 255], Enumerable.Range(5, 6).Select(x => (int)sheet[2, x, 1]));
        Assert.Equal((255, 10, 10, 255), (sheet[1, 6, 0], sheet[2, 6, 0], sheet[3, 6, 0], sheet[4, 6, 0]));
        Assert.Equal(0, sheet[6, 1, 2]);
        Assert.Equal(255, sheet[6, 6, 1]);
    }

    [Fact]
    public void A_large_image_is_shrunk_into_its_cell()
    {
        Image sheet = ContactSheet.Of([new Image(300, 100, 1)], columns: 1, cell: 30, gap: 2);
        Assert.Equal((34, 34), (sheet.Width, sheet.Height));
        Assert.Equal(10 * 30 * 3, sheet.Samples.Count(sample => sample == 0));
    }
}

using AuditKit.Imaging;
using AuditKit.Imaging.Attributes;

namespace AuditKit.Tests.Imaging.Attributes;

public class ObjectSizeTests
{
    // ' ' is background; digits are grey values of 28 steps.
    private static Image Grey(params string[] rows)
        => new(rows[0].Length, rows.Length, 1, [.. string.Concat(rows).Select(c => c == ' ' ? (byte)200 : (byte)((c - '0') * 28))]);

    [Fact]
    public void A_rectangle_on_a_plain_background_is_measured_exactly()
        => Assert.Equal(6 / 30.0, ObjectSize.Of(Grey(
            "      ",
            "  000 ",
            "  000 ",
            "      ",
            "      ")));

    [Fact]
    public void The_box_goes_around_the_object_holes_included()
        => Assert.Equal(9 / 25.0, ObjectSize.Of(Grey(
            "     ",
            "  0  ",
            " 0 0 ",
            "  0  ",
            "     ")));

    [Fact]
    public void Of_two_objects_the_one_with_more_pixels_counts()
        => Assert.Equal(4 / 36.0, ObjectSize.Of(Grey(
            " 00   ",
            " 00   ",
            "      ",
            "0     ",
            "  0  0",
            "      ")));

    [Fact]
    public void An_object_may_touch_the_border()
        => Assert.Equal(8 / 25.0, ObjectSize.Of(Grey(
            " 00  ",
            " 00  ",
            " 00  ",
            " 00  ",
            "     ")));

    [Fact]
    public void Uneven_background_stays_background()
    {
        Image image = Grey(
            "78787878",
            "87878787",
            "78700878",
            "87800787",
            "78787878",
            "87878787");
        Assert.Equal(4 / 48.0, ObjectSize.Of(image));
    }

    [Fact]
    public void An_object_of_the_backgrounds_lightness_is_found_by_its_colour()
    {
        var image = new Image(4, 4, 3);
        Array.Fill(image.Samples, (byte)100);
        (image.Samples[3 * 5], image.Samples[3 * 6]) = (180, 180);
        Assert.Equal(2 / 16.0, ObjectSize.Of(image));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    public void An_image_of_one_colour_has_no_object(int width, int height)
        => Assert.Equal(0, ObjectSize.Of(new Image(width, height, 3)));

    [Fact]
    public void The_threshold_minimises_the_variance_within_both_sides()
    {
        var random = CounterRandom.For(1, "otsu", 0);
        for (int trial = 0; trial < 50; trial++)
        {
            byte[] values = [.. Enumerable.Range(0, 60).Select(_ => (byte)((random.NextInt32(4) * 50) + random.NextInt32(20)))];

            int threshold = ObjectSize.OtsuThreshold(values);

            // Otsu's other form of the criterion: the squared deviations of each side from its own mean.
            double best = Enumerable.Range(0, 255).Min(t => Within(values, t));
            Assert.Equal(best, Within(values, threshold), 6);
        }
    }

    private static double Within(byte[] values, int threshold)
    {
        double sum = 0;
        foreach (var side in values.GroupBy(value => value <= threshold))
        {
            double mean = side.Average(value => (double)value);
            sum += side.Sum(value => (value - mean) * (value - mean));
        }

        return sum;
    }
}

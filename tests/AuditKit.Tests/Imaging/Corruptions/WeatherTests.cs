using AuditKit.Imaging;
using AuditKit.Imaging.Corruptions;

namespace AuditKit.Tests.Imaging.Corruptions;

public sealed class WeatherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-frost-").FullName;

    [Fact]
    public void Frost_is_a_weighted_sum_with_a_part_of_a_photograph()
    {
        // Of one colour, so that every part of it is the same; smaller than the image, so that it must be enlarged.
        Write("ice.png", new Image(60, 40, 3, [.. Enumerable.Repeat(new byte[] { 100, 150, 200 }, 2400).SelectMany(pixel => pixel)]));
        FrostTexture texture = FrostTexture.FromFolder(_folder);
        foreach ((int side, int severity, double kept, double laid) in ((int, int, double, double)[])[(32, 2, 1, 0.3), (32, 5, 0.75, 0.45), (100, 3, 0.7, 0.7)])
        {
            Image image = Synthetic.Noise(side, side, 3);
            var frost = new Frost(severity, texture);
            byte[] expected = [.. image.Samples.Select((sample, i) => (byte)Math.Min(255, (kept * sample) + (laid * (100 + (50 * (i % 3)))) + 1e-3))];
            Assert.Equal(expected, frost.Apply(image, CounterRandom.For(1, "frost", 0)).Samples);
            Assert.Equal($"frost/{severity} (photographs {texture.Digest})", frost.Name);
            Assert.Contains("1 photographs", frost.Description);
        }
    }

    [Fact]
    public void Small_images_see_every_fifth_pixel_of_a_photograph_and_parts_are_drawn_uniformly()
    {
        // Pixel (x, y) has the value of its fives.
        var photograph = new Image(200, 180, 1, [.. Enumerable.Range(0, 200 * 180).Select(i => (byte)((i % 200 / 5) + (10 * (i / 200 / 5 % 4))))]);
        Write("frost.png", photograph);
        FrostTexture texture = FrostTexture.FromFolder(_folder);
        int[] corners = new int[9];
        for (int i = 0; i < 900; i++)
        {
            Image part = texture.Draw(new Image(32, 32, 1), small: true, CounterRandom.For(2, "parts", i));
            Assert.Equal(1, part[0, 1, 0] - part[0, 0, 0]);
            corners[part[0, 0, 0] % 10]++;
        }

        // 40 − 32 + 1 columns, each equally likely: χ² with 8 degrees of freedom lies below 26.1 in 99.9 %.
        Assert.True(corners.Sum(n => (n - 100) * (n - 100) / 100.0) < 26.1, string.Join(", ", corners));
    }

    [Fact]
    public void Without_photographs_the_texture_says_that_it_is_none()
    {
        Assert.Contains("procedural texture of ice crystals, no photograph", new Frost(3, FrostTexture.Default).Description);
        Assert.Equal("frost/3", new Frost(3, FrostTexture.Default).Name);
    }

    [Fact]
    public void A_folder_without_photographs_with_too_many_or_with_a_broken_one_is_refused()
    {
        Assert.Contains("has 0 photographs (.png, .jpg); frost needs 1 to 32", Refused(_folder));
        Assert.Contains("cannot be read", Refused(Path.Combine(_folder, "none")));
        File.WriteAllText(Path.Combine(_folder, "broken.png"), "no image");
        Assert.Contains("broken.png", Refused(_folder));

        static string Refused(string folder) => Assert.Throws<AuditException>(() => FrostTexture.FromFolder(folder)).Message;
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(16, 3)]
    [InlineData(64, 1.4)]
    public void A_plasma_is_the_mean_of_neighbours_and_noise_that_shrinks(int side, double decay)
    {
        float[] map = new float[side * side];
        Plasma.Fill(map, side, decay, CounterRandom.For(4, "plasma", side));
        Assert.Equal((0, 1), (map.Min(), map.Max()));

        // The same draws, point by point: centres of squares first, then the middles of edges, across and down.
        float[] noise = new float[side * side];
        CounterRandom.For(4, "plasma", side).FillUniform(noise, -1, 1);
        var expected = new double[side, side];
        int next = 0;
        double range = 100;
        for (int step = side; step >= 2; step /= 2, range /= decay)
        {
            int half = step / 2;
            for (int y = 0; y < side; y += step)
            {
                for (int x = 0; x < side; x += step)
                {
                    Set(y + half, x + half, half, diagonal: true);
                }
            }

            for (int y = 0; y < side; y += step)
            {
                for (int x = 0; x < side; x += step)
                {
                    Set(y, x + half, half, diagonal: false);
                    Set(y + half, x, half, diagonal: false);
                }
            }
        }

        double[] flat = [.. expected.Cast<double>()];
        Assert.All(flat.Zip(map), pair => Assert.Equal((pair.First - flat.Min()) / (flat.Max() - flat.Min()), pair.Second, 1e-4));

        void Set(int y, int x, int half, bool diagonal)
        {
            (int Y, int X)[] neighbours = diagonal ? [(-1, -1), (-1, 1), (1, -1), (1, 1)] : [(-1, 0), (1, 0), (0, -1), (0, 1)];
            expected[y, x] = neighbours.Average(n => expected[(y + (n.Y * half) + side) % side, (x + (n.X * half) + side) % side])
                + (range * range * noise[next++]);
        }
    }

    // cv2.distanceTransform(…, DIST_L2, 5) of 11×9 pixels with zeros at (3, 2) and (9, 7).
    [Fact]
    public void Distances_are_OpenCVs()
    {
        bool[] marked = new bool[99];
        (marked[(2 * 11) + 3], marked[(7 * 11) + 9]) = (true, true);
        Assert.Equal(
            [
                3.597, 2.8, 2.197, 2.0, 2.197, 2.8, 3.597, 4.394, 5.394, 6.394, 7.197, 3.197, 2.197, 1.4, 1.0, 1.4, 2.197, 3.197, 4.197, 5.197,
                6.0, 6.197, 3.0, 2.0, 1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 5.197, 3.197, 2.197, 1.4, 1.0, 1.4, 2.197, 3.197, 4.197, 4.197, 4.0,
                4.197, 3.597, 2.8, 2.197, 2.0, 2.197, 2.8, 3.597, 3.597, 3.197, 3.0, 3.197, 4.2, 3.597, 3.197, 3.0, 3.197, 3.597, 3.597, 2.8, 2.197,
                2.0, 2.197, 4.997, 4.394, 4.197, 4.0, 4.197, 4.197, 3.197, 2.197, 1.4, 1.0, 1.4, 5.794, 5.394, 5.197, 5.0, 5.0, 4.0, 3.0, 2.0, 1.0,
                0.0, 1.0, 6.591, 6.394, 6.197, 6.0, 5.197, 4.197, 3.197, 2.197, 1.4, 1.0, 1.4,
            ],
            ChamferDistance.From(marked, 11).Select(distance => Math.Round(distance, 3)));
        Assert.All(ChamferDistance.From(new bool[99], 11), distance => Assert.True(distance > 10_000));
    }

    // Synthetic.Scene(48, 40, 1), below 100 set to 0, through cv2.Canny(50, 150), distanceTransform, threshold at 20,
    // blur, equalizeHist, filter2D and blur of OpenCV 4.6, as the paper's code shades water: edges' pixels, and
    // samples 0, 461, 922 … (modulo 1920) of the result.
    [Fact]
    public void Water_is_shaded_as_OpenCV_does()
    {
        Image scene = Synthetic.Scene(48, 40, 1);
        float[] liquid = [.. scene.Samples.Select(sample => sample < 100 ? 0f : sample)];
        Assert.Equal(120, Canny.Edges(new Image(48, 40, 1, [.. liquid.Select(level => (byte)level)]), 50, 150).Count(edge => edge));
        Spatter.Shade(liquid, 48, 40, 0.5);
        double[] expected =
        [
            0.0, 0.2521, 0.0, 0.0, 0.1957, 0.0, 0.1244, 0.0, 0.3237, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4855, 0.0, 0.0703, 0.0, 0.0, 0.1823, 0.0, 0.0, 0.1809,
            0.0, 0.0, 0.0, 0.0, 0.4026, 0.0, 0.2644, 0.0, 0.0, 0.0, 0.3353, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4768,
        ];

        // Where a value is a whole level but for rounding, the published code may lose one.
        Assert.All(expected.Index(), value => Assert.Equal(value.Item, liquid[value.Index * 461 % 1920], 0.004));
    }

    [Fact]
    public void No_liquid_leaves_the_image_dry()
    {
        float[] liquid = new float[64];
        Spatter.Shade(liquid, 8, 8, 0.5);
        Assert.All(liquid, water => Assert.Equal(0, water));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, Image image) => File.WriteAllBytes(Path.Combine(_folder, name), Png.Encode(image));
}

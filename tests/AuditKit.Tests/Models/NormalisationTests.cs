using AuditKit.Imaging;
using AuditKit.Models;

namespace AuditKit.Tests.Models;

public sealed class NormalisationTests
{
    private static readonly InputShape s_shape = new(3, 5, 7);
    private const int Plane = 35;

    [Fact]
    public void In_the_range_of_bytes_every_level_is_its_own_number()
    {
        float[] levels = [.. Enumerable.Range(0, 256).Select(level => level / 255f)];
        float[] bytes = new float[256];
        new Normalisation(new InputShape(1, 16, 16), [], [], PixelRange.Bytes).Apply(levels, bytes);
        Assert.Equal(Enumerable.Range(0, 256).Select(level => (float)level), bytes);
    }

    [Theory]
    [InlineData(PixelRange.Unit, ChannelOrder.Rgb, 1, 0)]
    [InlineData(PixelRange.Bytes, ChannelOrder.Rgb, 255, 0)]
    [InlineData(PixelRange.Signed, ChannelOrder.Rgb, 2, -1)]
    [InlineData(PixelRange.Unit, ChannelOrder.Bgr, 1, 0)]
    [InlineData(PixelRange.Bytes, ChannelOrder.Bgr, 255, 0)]
    [InlineData(PixelRange.Signed, ChannelOrder.Bgr, 2, -1)]
    public void Pixels_are_brought_into_the_range_and_order_then_normalised_and_gradients_come_back_the_same_way(
        PixelRange range, ChannelOrder channels, float scale, float black)
    {
        float[] mean = [0.1f, 0.2f, 0.3f], deviation = [0.5f, 2, 4];
        var normalisation = new Normalisation(s_shape, mean, deviation, range, channels);
        float[] pixels = SmallModels.Pixels(2 * s_shape.Length);
        float[] normalised = new float[pixels.Length];
        normalisation.Apply(pixels, normalised);
        float[] gradient = [.. normalised];
        normalisation.Backward(gradient);
        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i / Plane % 3;
            int from = channels == ChannelOrder.Bgr ? i + (2 * (1 - channel) * Plane) : i;
            Assert.Equal(((pixels[from] * scale) + black - mean[channel]) / deviation[channel], normalised[i], 1e-4f);
            Assert.Equal(normalised[i] * scale / deviation[channel], gradient[from], 1e-3f * Math.Abs(gradient[from]));
        }
    }

    [Fact]
    public void One_channel_has_no_blue_and_red_to_change_places()
        => Assert.Contains("leave out channels: bgr", Assert.Throws<AuditException>(
            () => new Normalisation(new InputShape(1, 2, 2), [], [], channels: ChannelOrder.Bgr)).Message);
}

namespace AuditKit.Imaging.Augmentations;

/// <summary>Parts of an image, mirrored or not, in the size that a model takes.</summary>
public static class Crops
{
    /// <summary>Padding on every side, and what a crop leaves out, as a share of the side: 4 of 32 pixels.</summary>
    private const int Share = 8;

    /// <summary>
    /// A crop of the size wanted at a random place, mirrored half of the time. Where the image leaves no room for that it
    /// goes on by reflection for an eighth of the size wanted on every side (4 of 32 pixels, as CIFAR models are trained).
    /// </summary>
    /// <param name="image">The original, at least as large as the crop.</param>
    /// <param name="width">Width wanted.</param>
    /// <param name="height">Height wanted.</param>
    /// <param name="random">Draws place and mirror.</param>
    public static Image RandomCropAndFlip(Image image, int width, int height, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        bool room = image.Width > width && image.Height > height;
        (int across, int down) = room ? (0, 0) : (Math.Max(1, width / Share), Math.Max(1, height / Share));
        int left = random.NextInt32(image.Width + (2 * across) - width + 1) - across;
        int top = random.NextInt32(image.Height + (2 * down) - height + 1) - down;
        Image crop = Reflection.Window(image, left, top, width, height);
        return random.NextInt32(2) == 0 ? crop : Flip(crop);
    }

    /// <summary>
    /// One of the centre and the four corners: parts of the size wanted where the image has room for them, else of 7/8 of
    /// its sides, resized back (bilinear).
    /// </summary>
    /// <param name="image">The original, at least as large as the crop.</param>
    /// <param name="width">Width wanted.</param>
    /// <param name="height">Height wanted.</param>
    /// <param name="place">0 centre, 1 top left, 2 top right, 3 bottom left, 4 bottom right.</param>
    public static Image CentreOrCorner(Image image, int width, int height, int place)
    {
        ArgumentNullException.ThrowIfNull(image);
        bool room = image.Width > width && image.Height > height;
        (int w, int h) = room ? (width, height) : (Math.Max(1, width - (width / Share)), Math.Max(1, height - (height / Share)));
        (int right, int bottom) = (image.Width - w, image.Height - h);
        (int left, int top) = place switch
        {
            0 => (right / 2, bottom / 2),
            1 => (0, 0),
            2 => (right, 0),
            3 => (0, bottom),
            _ => (right, bottom),
        };
        Image crop = image.Crop(left, top, w, h);
        return room ? crop : Resampler.Resize(crop, width, height, ResampleFilter.Bilinear);
    }

    /// <summary>The image mirrored, left for right.</summary>
    public static Image Flip(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var result = new Image(image.Width, image.Height, image.Channels);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                int from = ((y * image.Width) + x) * image.Channels;
                int to = ((y * image.Width) + image.Width - 1 - x) * image.Channels;
                image.Samples.AsSpan(from, image.Channels).CopyTo(result.Samples.AsSpan(to));
            }
        }

        return result;
    }
}

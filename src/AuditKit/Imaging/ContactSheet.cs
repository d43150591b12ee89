namespace AuditKit.Imaging;

/// <summary>Several images on one white sheet, row by row, each enlarged or shrunk into a square cell, its aspect kept.</summary>
public static class ContactSheet
{
    private const byte Paper = 255;

    /// <summary>Lays images out.</summary>
    /// <param name="images">At least one image, grey or RGB.</param>
    /// <param name="columns">Images in a row, at least 1.</param>
    /// <param name="cell">A cell's side in pixels, at least 1.</param>
    /// <param name="gap">White pixels around every cell.</param>
    /// <returns>An RGB image of ((cell + gap)·columns + gap) × ((cell + gap)·rows + gap) pixels.</returns>
    public static Image Of(IReadOnlyList<Image> images, int columns, int cell, int gap)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(cell, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        int rows = (images.Count + columns - 1) / columns;
        var sheet = new Image(((cell + gap) * columns) + gap, ((cell + gap) * rows) + gap, 3);
        sheet.Samples.AsSpan().Fill(Paper);
        foreach ((int i, Image image) in images.Index())
        {
            Image fitted = Fit(image, cell);
            Paste(
                fitted,
                sheet,
                gap + (i % columns * (cell + gap)) + ((cell - fitted.Width) / 2),
                gap + (i / columns * (cell + gap)) + ((cell - fitted.Height) / 2));
        }

        return sheet;
    }

    private static Image Fit(Image image, int cell)
    {
        double scale = (double)cell / Math.Max(image.Width, image.Height);
        // Enlarged pixels stay squares: one sees what the model gets.
        ResampleFilter filter = scale > 1 ? ResampleFilter.Box : ResampleFilter.Lanczos;
        return Resampler.Resize(image, Side(image.Width), Side(image.Height), filter);

        int Side(int length) => Math.Clamp((int)Math.Round(length * scale), 1, cell);
    }

    private static void Paste(Image image, Image sheet, int left, int top)
    {
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    sheet.Samples[((((y + top) * sheet.Width) + x + left) * 3) + c] = image[y, x, image.Channels == 1 ? 0 : c];
                }
            }
        }
    }
}

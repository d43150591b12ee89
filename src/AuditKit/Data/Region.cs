using System.Globalization;
using AuditKit.Imaging;

namespace AuditKit.Data;

/// <summary>The part of an image that shows the object, as a list gives it: pixels, from the upper left corner to before the lower right one.</summary>
internal readonly record struct Region(int Left, int Top, int Right, int Bottom)
{
    /// <summary>The columns that hold it, as GTSRB names them.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["Roi.X1", "Roi.Y1", "Roi.X2", "Roi.Y2"];

    /// <summary>Reads its four numbers.</summary>
    /// <exception cref="AuditException">They are no numbers, or no region.</exception>
    public static Region Parse(IReadOnlyList<string> cells, string where)
    {
        int[] numbers = [.. cells.Select(cell => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        return numbers is [>= 0 and var left, >= 0 and var top, var right, var bottom] && right > left && bottom > top
            ? new Region(left, top, right, bottom)
            : throw new AuditException($"{where}: {string.Join(", ", Columns)} are {string.Join(", ", cells)}; expected the corners of a part of the image, "
                + "in whole pixels.");
    }

    /// <summary>The region of an image.</summary>
    /// <exception cref="AuditException">It leaves the image.</exception>
    public Image Of(Image image, string name) => Right <= image.Width && Bottom <= image.Height
        ? image.Crop(Left, Top, Right - Left, Bottom - Top)
        : throw new AuditException($"{name}: its region ({Left}, {Top}) to ({Right}, {Bottom}) leaves the image of "
            + $"{image.Width}×{image.Height} pixels.", ExitCode.Error);
}

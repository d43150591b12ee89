namespace AuditKit.Reports.Charts;

/// <summary>
/// The colours of ordered values, from near white to dark blue: a straight line in Oklab (Ottosson 2020), so that equal
/// steps look equal, grey print keeps the order, and no colour blindness can upset it (blue and lightness alone change).
/// </summary>
internal static class Ramp
{
    private static readonly (double L, double A, double B) s_from = (0.975, -0.004, -0.010);
    private static readonly (double L, double A, double B) s_to = (0.34, -0.020, -0.105);

    /// <summary>The colour at a place between 0 and 1, as <c>#rrggbb</c>.</summary>
    public static string Colour(double place)
    {
        (double red, double green, double blue) = Linear(place);
        return $"#{Byte(red):x2}{Byte(green):x2}{Byte(blue):x2}";
    }

    /// <summary>The text colour that stands out more from the ramp's at a place: WCAG's contrast ratio decides.</summary>
    public static string TextOn(double place)
    {
        (double red, double green, double blue) = Linear(place);
        double luminance = (0.2126 * red) + (0.7152 * green) + (0.0722 * blue);
        return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? "#fff" : "#000";
    }

    // Oklab to linear sRGB.
    private static (double Red, double Green, double Blue) Linear(double place)
    {
        double t = Math.Clamp(place, 0, 1);
        (double lightness, double a, double b) = (Mix(s_from.L, s_to.L), Mix(s_from.A, s_to.A), Mix(s_from.B, s_to.B));
        double l = Cube(lightness + (0.3963377774 * a) + (0.2158037573 * b));
        double m = Cube(lightness - (0.1055613458 * a) - (0.0638541728 * b));
        double s = Cube(lightness - (0.0894841775 * a) - (1.2914855480 * b));
        return (
            Math.Clamp((4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s), 0, 1),
            Math.Clamp((-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s), 0, 1),
            Math.Clamp((-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s), 0, 1));

        double Mix(double from, double to) => from + (t * (to - from));
    }

    private static double Cube(double value) => value * value * value;

    private static int Byte(double linear)
        => (int)Math.Round(255 * (linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055));
}

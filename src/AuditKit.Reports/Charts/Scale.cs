using System.Globalization;
using AuditKit.Results;

namespace AuditKit.Reports.Charts;

/// <summary>An axis: a range of values, where each lies between 0 and 1, and which are labelled.</summary>
internal sealed class Scale
{
    private readonly double _from;
    private readonly double _to;
    private readonly bool _log;

    private Scale(double from, double to, bool log, IReadOnlyList<double> ticks)
        => (_from, _to, _log, Ticks) = (from, to, log, ticks);

    /// <summary>The labelled values, ascending, all within the axis.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Where a value lies: 0 at the axis' start, 1 at its end, clamped.</summary>
    public double At(double value)
    {
        double place = _log ? Math.Log(value / _from) / Math.Log(_to / _from) : (value - _from) / (_to - _from);
        return Math.Clamp(place, 0, 1);
    }

    /// <summary>The linear axis of a chart's values, which has the chart's threshold on it and ends at 100 % where the values do.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="values">Its values; those that are not finite are ignored.</param>
    /// <param name="fromZero">Whether zero must be on it.</param>
    /// <param name="intervals">About how many steps between labels.</param>
    public static Scale OfValues(Chart chart, IEnumerable<double> values, bool fromZero, int intervals)
        => Linear(chart.Reference is { } limit ? values.Append(limit) : values, fromZero, intervals, chart.Percent ? 1 : double.PositiveInfinity);

    /// <summary>Whether zero belongs on the axis: unless it would squeeze the values into the axis' upper part.</summary>
    public static bool IsBestFromZero(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length == 0 || finite.Min() < 0.6 * finite.Max();
    }

    /// <summary>A linear axis that starts and ends at round values.</summary>
    /// <param name="values">What it must hold; values that are not finite are ignored.</param>
    /// <param name="fromZero">Whether zero must be on it.</param>
    /// <param name="intervals">About how many steps between labels.</param>
    /// <param name="limit">Where it ends at the latest if no value lies beyond: 1 for proportions.</param>
    public static Scale Linear(IEnumerable<double> values, bool fromZero, int intervals = 5, double limit = double.PositiveInfinity)
    {
        (double min, double max) = Range(values);
        if (fromZero)
        {
            (min, max) = (Math.Min(min, 0), Math.Max(max, 0));
        }

        if (max - min < 1e-9 * Math.Max(Math.Abs(max), 1e-300))
        {
            max = min + (min == 0 ? Math.Min(1, limit) : Math.Abs(min));
        }

        double step = RoundStep((max - min) / intervals);
        double from = Math.Floor((min / step) + 1e-9) * step;
        double to = Math.Ceiling((max / step) - 1e-9) * step;
        if (max <= limit && to > limit)
        {
            to = limit;
        }

        double first = Math.Round(from / step);
        int count = (int)Math.Floor(((to - from) / step) + 1e-9) + 1;
        // Multiples of the step, not sums: 0.1 + 0.2 would print as it is stored.
        return new Scale(from, to, false, [.. Enumerable.Range(0, count).Select(i => Rounded((first + i) * step))]);
    }

    private static double Rounded(double tick) => double.Parse(tick.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A logarithmic axis from the smallest to the largest positive value.</summary>
    public static Scale Logarithmic(IEnumerable<double> values)
    {
        (double min, double max) = Range(values.Where(value => value > 0));
        if (min <= 0 || max / min < 1.0001)
        {
            (min, max) = min <= 0 ? (1, 10) : (min / 2, max * 2);
        }

        double[] mantissas = max / min >= 1000 ? [1] : max / min >= 20 ? [1, 3] : [1, 2, 3, 5, 7];
        int low = (int)Math.Floor(Math.Log10(min));
        int high = (int)Math.Ceiling(Math.Log10(max));
        double[] ticks =
        [
            .. Enumerable.Range(low, high - low + 1)
                .SelectMany(exponent => mantissas.Select(mantissa => mantissa * Math.Pow(10, exponent)))
                .Where(tick => tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9)),
        ];
        return new Scale(min, max, true, ticks.Length > 0 ? ticks : [min, max]);
    }

    private static (double Min, double Max) Range(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length == 0 ? (0, 0) : (finite.Min(), finite.Max());
    }

    // 1, 2 or 5 times a power of ten, at least the size asked for.
    private static double RoundStep(double size)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(size)));
        return power * (size / power) switch { <= 1 + 1e-9 => 1, <= 2 + 1e-9 => 2, <= 5 + 1e-9 => 5, _ => 10 };
    }
}

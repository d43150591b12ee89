using System.Diagnostics;

namespace AuditKit.Benchmarks;

/// <summary>
/// Time spent on something, in slices, with a bare forward measured between them: a machine's speed wanders by a
/// quarter between minutes, and a ratio only means something against the same seconds.
/// </summary>
internal sealed class Pace
{
    private readonly BareForward _bare;
    private double _bareRate;
    private long _started;

    /// <summary>Measures the bare forward, then starts the first slice.</summary>
    public Pace(BareForward bare)
    {
        _bare = bare;
        _bareRate = bare.BestRate();
        _started = Stopwatch.GetTimestamp();
    }

    /// <summary>Seconds in all slices.</summary>
    public double Seconds { get; private set; }

    /// <summary>Images that the bare forward would have done in the same time.</summary>
    public double BareImages { get; private set; }

    /// <summary>Ends a slice and starts the next one.</summary>
    public void EndSlice()
    {
        double seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        double rate = _bare.BestRate();
        Seconds += seconds;
        BareImages += seconds * (rate + _bareRate) / 2;
        _bareRate = rate;
        _started = Stopwatch.GetTimestamp();
    }

    /// <summary>What became of a number of images in all slices.</summary>
    public string Describe(long images)
        => $"{images / Seconds:N0} images/s, {images / BareImages:F2} of a bare forward in the same seconds ({BareImages / Seconds:N0})";
}

using System.Numerics;
using System.Runtime.InteropServices;
using AuditKit.Imaging;

namespace AuditKit.Models;

/// <summary>
/// What is done to pixels before a model sees them: brought into its range, then (x − mean) / standard deviation, a channel at
/// a time and in its order of colours. Subtracted and divided in this order, so that a model sees the very floats that it saw in
/// training.
/// </summary>
public sealed class Normalisation
{
    private readonly InputShape _input;
    private readonly float[] _mean;
    private readonly float[] _deviation;
    private readonly float _scale;
    private readonly bool _identity;

    /// <summary>A normalisation of images of one shape.</summary>
    /// <param name="input">The shape of one image.</param>
    /// <param name="mean">One value, one a channel, or none for 0.</param>
    /// <param name="standardDeviation">One value, one a channel, or none for 1.</param>
    /// <param name="range">What the model's black and white are; mean and standard deviation are in it.</param>
    /// <param name="channels">The colours of the model's channels; mean and standard deviation are in this order.</param>
    /// <exception cref="AuditException">Their number is wrong, or a value is not usable.</exception>
    public Normalisation(
        InputShape input,
        IReadOnlyList<float> mean,
        IReadOnlyList<float> standardDeviation,
        PixelRange range = PixelRange.Unit,
        ChannelOrder channels = ChannelOrder.Rgb)
    {
        _input = input;
        _mean = Channels(mean, 0, "mean");
        _deviation = Channels(standardDeviation, 1, "std");
        if (!_mean.All(float.IsFinite) || !_deviation.All(value => float.IsFinite(value) && value > 0))
        {
            throw new AuditException("The model's mean must be finite, and its std above 0.");
        }

        Range = range;
        ReversesChannels = channels == ChannelOrder.Bgr;
        if (ReversesChannels && input.Channels != 3)
        {
            throw new AuditException($"The model takes images of {input.Channels} channel, which cannot be blue, green and red: leave out channels: bgr.");
        }

        (_scale, float black) = range.Map();
        _mean = [.. _mean.Select(value => value - black)];
        _identity = _scale == 1 && !ReversesChannels && _mean.All(value => value == 0) && _deviation.All(value => value == 1);
    }

    /// <summary>What the model's black and white are.</summary>
    public PixelRange Range { get; }

    /// <summary>Whether the model's channels are blue, green and red.</summary>
    public bool ReversesChannels { get; }

    /// <summary>The mean and the standard deviation, a value a channel, that do the same to pixels in [0, 1].</summary>
    public (float[] Mean, float[] Deviation) InUnitRange() => (
        Array.ConvertAll(_mean, value => value / _scale), Array.ConvertAll(_deviation, value => value / _scale));

    /// <summary>Normalises whole images.</summary>
    /// <param name="pixels">n×C×H×W pixels in [0, 1].</param>
    /// <param name="normalised">Receives as many floats.</param>
    public void Apply(ReadOnlySpan<float> pixels, Span<float> normalised)
    {
        if (_identity)
        {
            pixels.CopyTo(normalised);
            return;
        }

        int plane = _input.Height * _input.Width;
        for (int at = 0, channel = 0; at < pixels.Length; at += plane, channel = (channel + 1) % _input.Channels)
        {
            ReadOnlySpan<float> from = pixels.Slice(at + (ReversesChannels ? (1 - channel) * 2 * plane : 0), plane);
            ApplyPlane(from, normalised.Slice(at, plane), _mean[channel], _deviation[channel]);
        }
    }

    /// <summary>
    /// The chain rule through <see cref="Apply"/>: a gradient with respect to normalised pixels becomes one with
    /// respect to the pixels.
    /// </summary>
    /// <param name="gradient">n×C×H×W, changed in place.</param>
    public void Backward(Span<float> gradient)
    {
        int plane = _input.Height * _input.Width;
        for (int at = 0, channel = 0; at < gradient.Length && !_identity; at += plane, channel = (channel + 1) % _input.Channels)
        {
            foreach (ref float value in gradient.Slice(at, plane))
            {
                value = value / _deviation[channel] * _scale;
            }
        }

        for (int at = 0; ReversesChannels && at < gradient.Length; at += _input.Length)
        {
            Span<float> first = gradient.Slice(at, plane), last = gradient.Slice(at + (2 * plane), plane);
            for (int i = 0; i < plane; i++)
            {
                (first[i], last[i]) = (last[i], first[i]);
            }
        }
    }

    private void ApplyPlane(ReadOnlySpan<float> from, Span<float> to, float mean, float deviation)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(from);
        Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(to);
        var scales = new Vector<float>(_scale);
        var means = new Vector<float>(mean);
        var deviations = new Vector<float>(deviation);
        for (int i = 0; i < vectors.Length; i++)
        {
            results[i] = ((vectors[i] * scales) - means) / deviations;
        }

        for (int i = vectors.Length * Vector<float>.Count; i < from.Length; i++)
        {
            to[i] = ((from[i] * _scale) - mean) / deviation;
        }
    }

    private float[] Channels(IReadOnlyList<float> values, float otherwise, string name) => values.Count switch
    {
        0 => [.. Enumerable.Repeat(otherwise, _input.Channels)],
        1 => [.. Enumerable.Repeat(values[0], _input.Channels)],
        int count when count == _input.Channels => [.. values],
        int count => throw new AuditException(
            $"The model's {name} has {count} values, but its images have {_input.Channels} channels: give 1 or {_input.Channels}."),
    };
}

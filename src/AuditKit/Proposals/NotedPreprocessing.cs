using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Metadata;

namespace AuditKit.Proposals;

/// <summary>What notes on a model say of its preprocessing, put among the usual ones: tried like these, never believed unseen.</summary>
internal static class NotedPreprocessing
{
    /// <summary>The usual ones and those that notes name. One that is usual is called by both names.</summary>
    /// <param name="usual">The usual ones.</param>
    /// <param name="notes">The notes.</param>
    /// <param name="channels">The model's channels.</param>
    public static UsualPreprocessing[] Pixels(IEnumerable<UsualPreprocessing> usual, ModelNotes notes, int channels)
    {
        List<UsualPreprocessing> all = [.. usual];
        foreach (ModelNote note in notes.Notes.Where(note => (note.SaysPixels || note.Channels is not null) && IsUsable(note, channels)))
        {
            UsualPreprocessing first = all[0];
            ChannelOrder? order = note.Channels is { } said && (said == ChannelOrder.Grey) == (first.Channels == ChannelOrder.Grey) ? said : first.Channels;
            var noted = new UsualPreprocessing($"as {note.Source} says", note.Range ?? PixelRange.Unit, note.Mean, note.Std, order);
            int same = all.FindIndex(each => each.IsThatOf(noted));
            if (same < 0)
            {
                all.Add(noted);
            }
            else if (!all[same].Name.Contains(note.Source, StringComparison.Ordinal))
            {
                all[same] = all[same] with { Name = $"{all[same].Name} (as {note.Source} says)" };
            }
        }

        return [.. all];
    }

    /// <summary>The sizings that notes name and those that are usual, the noted ones first.</summary>
    /// <param name="usual">The usual ones for these images.</param>
    /// <param name="notes">The notes.</param>
    /// <param name="input">What the model takes.</param>
    /// <param name="images">Some images.</param>
    public static UsualSizing[] Sizings(IReadOnlyList<UsualSizing> usual, ModelNotes notes, InputShape input, IReadOnlyList<Image> images)
    {
        UsualSizing[] noted = [.. notes.Notes.Where(note => note.SaysSize)
            .Select(note => new UsualSizing($"{Words(note)} (as {note.Source} says)", note.Resize, note.Crop, note.Stretch))
            .Where(sizing => Fits(sizing, input, images)).DistinctBy(Keys)];
        return [.. noted, .. usual.ExceptBy(noted.Select(Keys), Keys)];
    }

    private static (int?, bool, bool) Keys(UsualSizing sizing) => (sizing.Resize, sizing.Crop, sizing.Stretch);

    private static bool IsUsable(ModelNote note, int channels)
        => (note.Mean.Count == note.Std.Count && note.Mean.Count is 0 or 1) || note.Mean.Count == channels;

    private static string Words(ModelNote note) => (note.Stretch, note.Resize) switch
    {
        (true, null) => "stretched to the model's size",
        (true, { } side) => $"both sides {side}",
        (false, { } side) => $"shorter side {side}",
        _ => "not scaled",
    } + (note.Crop ? ", centre cut out" : "");

    /// <summary>Whether images keep their size but for what is cut off.</summary>
    public static bool IsUnscaled(UsualSizing sizing) => sizing is { Resize: null, Stretch: false };

    /// <summary>Whether images come out in the model's size.</summary>
    /// <param name="sizing">The sizing.</param>
    /// <param name="input">What the model takes.</param>
    /// <param name="images">Some images.</param>
    public static bool Fits(UsualSizing sizing, InputShape input, IReadOnlyList<Image> images)
    {
        var transform = new InputTransform(input, sizing.Resize, sizing.Crop, grey: input.Channels == 1, sizing.Stretch);
        try
        {
            foreach (Image image in images)
            {
                transform.RequireFit(image);
            }

            return true;
        }
        catch (AuditException)
        {
            return false;
        }
    }
}

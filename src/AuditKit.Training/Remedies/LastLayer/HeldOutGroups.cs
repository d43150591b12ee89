using AuditKit.Training.Loop;

namespace AuditKit.Training.Remedies.LastLayer;

/// <summary>The groups of the images that are held out.</summary>
internal static class HeldOutGroups
{
    /// <summary>Fails unless every group that the data has at all has enough images among those held out.</summary>
    /// <param name="task">Network and data.</param>
    /// <param name="fewest">How many are enough.</param>
    /// <exception cref="AuditException">A group is short of images; the message names all that are.</exception>
    public static void Require(TrainingTask task, int fewest)
    {
        ILookup<int, int> held = task.Validation.Groups.ToLookup(group => group);
        string[] lacking =
        [
            .. Known(task).Order().Where(group => held[group].Count() < fewest)
                .Select(group => $"{task.Validation.Grouping.Name(group)} ({held[group].Count()})"),
        ];
        if (lacking.Length > 0)
        {
            throw new AuditException($"{task.Recipe.Name}: the last layer is fitted or chosen on images that are held out, at least {fewest} of every "
                + $"group, but there are too few of {string.Join("; ", lacking)}. Hold more out with 'validation'.");
        }
    }

    /// <summary>What a card says of groups that no image is of; empty where there is none.</summary>
    /// <param name="task">Network and data.</param>
    public static string Caveat(TrainingTask task)
    {
        (HashSet<int> known, GroupTable groups) = (Known(task), task.Validation.Grouping);
        string[] missing = [.. Enumerable.Range(0, groups.Count).Where(group => !known.Contains(group)).Select(groups.Name)];
        return missing.Length == 0 ? "" : $"\n**No image** is of {string.Join("; ", missing)}: what the model makes of such images, nothing here tells or mends.\n";
    }

    // The groups that an image is known to be of; which the training images are of may be known of the held-out ones alone.
    private static HashSet<int> Known(TrainingTask task) =>
    [
        .. task.Groups.Attribute == task.Validation.Grouping.Attribute ? task.Images.Select(image => task.Groups[image]) : [],
        .. task.Validation.Groups,
    ];
}

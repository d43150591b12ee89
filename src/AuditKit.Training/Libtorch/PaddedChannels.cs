using static TorchSharp.torch;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// Zeros that fill the channels of every group up to a multiple of 16. oneDNN 3.7.1 drops a block of padded weights where
/// it cannot read the sizes of the processor's caches, as in many small virtual machines, and convolves wrongly wherever
/// more than 16 channels are no multiple of 16. Zeros change no sum, and cost nothing where nothing needs filling.
/// </summary>
internal static class PaddedChannels
{
    /// <summary>The block that oneDNN's kernels work in.</summary>
    public const int Multiple = 16;

    /// <summary>Channels of a group once they are filled; numbers up to one block are right as they are.</summary>
    public static long Filled(long channels) => channels <= Multiple ? channels : (channels + Multiple - 1) / Multiple * Multiple;

    /// <summary>Fills the channels of every group.</summary>
    /// <param name="values">A tensor.</param>
    /// <param name="dimension">The dimension that holds the groups' channels.</param>
    /// <param name="groups">Number of groups.</param>
    public static Tensor Fill(Tensor values, int dimension, long groups)
    {
        long channels = values.shape[dimension] / groups;
        return Filled(channels) == channels ? values : ByGroup(values, dimension, groups, grouped =>
        {
            long[] missing = grouped.shape;
            missing[dimension + 1] = Filled(channels) - channels;
            return cat([grouped, zeros(missing, values.dtype, values.device)], dimension + 1);
        });
    }

    /// <summary>Takes what was filled away again.</summary>
    /// <param name="values">A tensor.</param>
    /// <param name="dimension">The dimension that holds the groups' channels.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="channels">Channels of a group to keep.</param>
    public static Tensor Cut(Tensor values, int dimension, long groups, long channels) =>
        values.shape[dimension] == groups * channels ? values
            : ByGroup(values, dimension, groups, grouped => grouped.narrow(dimension + 1, 0, channels));

    private static Tensor ByGroup(Tensor values, int dimension, long groups, Func<Tensor, Tensor> change)
    {
        long[] shape = values.shape;
        Tensor changed = change(values.reshape([.. shape[..dimension], groups, shape[dimension] / groups, .. shape[(dimension + 1)..]]));
        return changed.reshape([.. shape[..dimension], groups * changed.shape[dimension + 1], .. shape[(dimension + 1)..]]);
    }
}

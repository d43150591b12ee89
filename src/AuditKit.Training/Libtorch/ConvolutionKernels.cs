namespace AuditKit.Training.Libtorch;

/// <summary>How libtorch's convolutions are called on this machine.</summary>
public enum ConvolutionKernels
{
    /// <summary>As they are: the trial found them right.</summary>
    AsTheyAre,

    /// <summary>With channels padded to multiples of 16, the only ones that the trial found right.</summary>
    Padded,
}

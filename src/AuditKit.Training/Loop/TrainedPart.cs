namespace AuditKit.Training.Loop;

/// <summary>Which part of a network is trained. What is not is frozen: no gradients, no weight decay, no updates of running statistics, no dropout.</summary>
public enum TrainedPart
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>The last stage of convolutions, from where the image reaches the size of the last one, and what comes behind.</summary>
    LastBlock,

    /// <summary>The layers behind the embedding.</summary>
    Head,
}

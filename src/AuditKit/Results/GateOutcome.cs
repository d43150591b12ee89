namespace AuditKit.Results;

/// <summary>The answer of one gate.</summary>
public enum GateOutcome
{
    /// <summary>No threshold was set: the figure is only reported.</summary>
    NotGated,

    /// <summary>The confidence bound clears the threshold.</summary>
    Pass,

    /// <summary>The confidence bound shows that the threshold is missed.</summary>
    Fail,

    /// <summary>The interval straddles the threshold, or there were too few images to tell. Blocks, like fail.</summary>
    Inconclusive,

    /// <summary>The check crashed or is missing. Blocks: nothing passes because it did not run.</summary>
    Error,
}

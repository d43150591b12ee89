namespace AuditKit.Evidence;

/// <summary>The kinds of condition: what reads outcomes decides by them, never by a condition's name.</summary>
public enum ConditionKind
{
    /// <summary>A kind that this version does not know: never paired with another run, never counted.</summary>
    Unknown,

    /// <summary>The images as they are.</summary>
    Clean,

    /// <summary>Changed by a perturbation that leaves their meaning alone.</summary>
    Perturbed,

    /// <summary>Changed by a corruption at a severity, or read from a stored set of such images.</summary>
    Corrupted,

    /// <summary>Shown in several augmented samples, the answers averaged.</summary>
    Augmented,

    /// <summary>Measured to choose a setting by: no result is judged on it.</summary>
    Search,

    /// <summary>Changed by an attacker until the answer is wrong: outcomes of attacks, not predictions.</summary>
    Attacked,

    /// <summary>Answered by another model than the audited one.</summary>
    Reference,

    /// <summary>Distances between the embeddings of different images.</summary>
    Distances,

    /// <summary>Kept for the embeddings; the answers are no result.</summary>
    Embedded,

    /// <summary>Figures of the model's own weights: no image is looked at.</summary>
    Weights,

    /// <summary>Prepared for the model in another usual way, to notice a preprocessing that is wrong: no result is judged on it.</summary>
    Preprocessed,

    /// <summary>Images kept to be shown: there are no outcomes.</summary>
    Shown,
}

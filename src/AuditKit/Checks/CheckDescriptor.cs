using AuditKit.Yaml;

namespace AuditKit.Checks;

/// <summary>
/// All that the rest of the program knows of a check. Specs, their schema, help, comparison, remedies and compliance read
/// it; nothing outside the check's folder names its key.
/// </summary>
public sealed record CheckDescriptor
{
    /// <summary>The key under <c>checks</c> in specs, and the check's name in evidence and reports.</summary>
    public required string Key { get; init; }

    /// <summary>What it assesses, as lists of what was and was not assessed say it: a phrase in lower case.</summary>
    public required string Assesses { get; init; }

    /// <summary>The keys of its block in a spec.</summary>
    public required IReadOnlyList<SpecKey> Keys { get; init; }

    /// <summary>Reads its block; paths are relative to the folder given. Neither data nor model is opened.</summary>
    public required Func<SpecMap, string, ICheckOptions> Parse { get; init; }

    /// <summary>The clauses that its gates are evidence for, as <c>framework reference</c>: <c>ai-act-15 15(1)</c>.</summary>
    public IReadOnlyList<string> Clauses { get; init; } = [];

    /// <summary>What is wrong with a model that fails its gates; null where no training mends it.</summary>
    public Weakness? Weakness { get; init; }

    /// <summary>What it measures that two runs cannot be compared by, image by image, and why; null where all can.</summary>
    public Unpaired? NotPaired { get; init; }
}

/// <summary>Something that two runs cannot be compared by.</summary>
/// <param name="What">What it is.</param>
/// <param name="Why">Why no image of one run can be held against the other's.</param>
public sealed record Unpaired(string What, string Why);

/// <summary>What is wrong with a model, in the order in which it is mended first.</summary>
public enum Weakness
{
    /// <summary>A group of images is answered worse than the others.</summary>
    WorstGroup,

    /// <summary>Answers flip under perturbations that leave an image's meaning alone.</summary>
    Perturbation,

    /// <summary>Noise, blur, weather, or images from elsewhere cost accuracy.</summary>
    Corruption,

    /// <summary>Small changes that somebody searched for change the answer.</summary>
    Attack,

    /// <summary>A layer's weights are nearly singular, or filters are dead.</summary>
    Conditioning,

    /// <summary>The probabilities do not say how often the model is right.</summary>
    Calibration,
}

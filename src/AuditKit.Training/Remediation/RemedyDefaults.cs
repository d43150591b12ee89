namespace AuditKit.Training.Remediation;

/// <summary>What a remedy trains a method with where the spec says nothing.</summary>
internal sealed record RemedyDefaults
{
    private static readonly Dictionary<string, RemedyDefaults> s_byMethod = new()
    {
        // Strong decay is a part of group DRO and of its kin (Sagawa et al. 2020).
        ["gdro"] = new() { WeightDecay = 0.1 },
        // Published with Adam at 1e-5, which would move nothing in a few epochs; its discriminator has to learn faster than the encoder can hide.
        ["aairm"] = new() { Optimiser = "{ name: adam, head-rate: 0.001 }", Rate = 1e-4, WeightDecay = 0.1, ChangesEmbedding = true },
        ["clamp"] = new() { WeightDecay = 0.01 },
        ["jtt"] = new() { WeightDecay = 0.001 },
        // Its upper bound takes the place of decay.
        ["frame"] = new() { WeightDecay = 0 },
        // It trains on none of the other images, so that it is given most of them.
        ["dfr"] = new() { IsLastLayer = true, Validation = 0.9 },
        ["afr"] = new() { IsLastLayer = true, Validation = 0.2 },
    };

    /// <summary>The optimiser's block of the recipe, but for rate and weight decay.</summary>
    public string Optimiser { get; private init; } = "{ name: sgd, momentum: 0.9, nesterov: true }";

    /// <summary>The learning rate (our choice).</summary>
    public double Rate { get; private init; } = 0.01;

    /// <summary>The optimiser's weight decay.</summary>
    public double WeightDecay { get; private init; } = 0.0005;

    /// <summary>The share of the training images that is held out, to choose an epoch by, or to fit the last layer to.</summary>
    public double Validation { get; private init; } = 0.1;

    /// <summary>Whether nothing but the last layer is fitted, once, so that there are no epochs.</summary>
    public bool IsLastLayer { get; private init; }

    /// <summary>Whether it changes what the audit takes as the model's embedding, whichever value that is.</summary>
    public bool ChangesEmbedding { get; private init; }

    /// <summary>Those of a method.</summary>
    /// <param name="method">Its name in the recipe's block.</param>
    public static RemedyDefaults Of(string method) => s_byMethod.GetValueOrDefault(method, new RemedyDefaults());
}

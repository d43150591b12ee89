using AuditKit.Tests;

namespace AuditKit.Training.Tests;

public sealed class ArchitectureTests
{
    // Libtorch starts the engine; Graphs run a user's model on it; the root opens any kind of model; the Loop trains, and
    // knows a method by its contract alone; Remedies are the methods; Remediation chooses one, trains and audits again.
    private static readonly string[][] _layers =
    [
        ["AuditKit.Training.Libtorch"],
        ["AuditKit.Training.Backbones"],
        ["AuditKit.Training.Graphs"],
        ["AuditKit.Training"],
        ["AuditKit.Training.Loop"],
        ["AuditKit.Training.Remedies"],
        ["AuditKit.Training.Remediation"],
    ];

    [Fact]
    public void ALayerUsesItselfAndThoseBeforeIt()
        => Assert.Empty(LayerOrder.Violations(typeof(ModelFiles).Assembly, _layers));

    // The rule finds what it is for: with the order turned round there are uses of later layers everywhere.
    [Theory]
    [InlineData("AuditKit.Training.Loop.TrainingRun")]
    [InlineData("AuditKit.Training.Graphs.Operators.Convolution")]
    [InlineData("AuditKit.Training.Remedies.Regularisers.Frame")]
    [InlineData("AuditKit.Training.Remediation.RemedyRun")]
    public void AUseOfALaterLayerIsFound(string type)
        => Assert.Contains(
            LayerOrder.Violations(typeof(ModelFiles).Assembly, [.. _layers.Reverse()]),
            violation => violation.StartsWith($"{type}: ", StringComparison.Ordinal));

    [Theory]
    [InlineData("src/AuditKit.Training")]
    [InlineData("tests/AuditKit.Training.Tests")]
    public void ANamespaceIsItsFolder(string project) => Assert.Empty(LayerOrder.Misplaced(project));
}

using AuditKit.Run;

namespace AuditKit.Tests;

public sealed class ArchitectureTests
{
    // Pixels and numbers know neither models, data nor specs; evidence knows conditions and no check; a check knows
    // nothing of other runs, laws or specs; only a run knows all.
    private static readonly string[][] s_layers =
    [
        ["AuditKit"],
        ["AuditKit.Yaml"],
        ["AuditKit.Imaging", "AuditKit.Statistics"],
        ["AuditKit.Models"],
        ["AuditKit.Data"],
        ["AuditKit.Evidence"],
        ["AuditKit.Results"],
        ["AuditKit.Gates"],
        ["AuditKit.Checks"],
        ["AuditKit.Comparisons", "AuditKit.Compliance"],
        ["AuditKit.Specs"],
        ["AuditKit.Run"],
        ["AuditKit.Proposals"],
    ];

    [Fact]
    public void A_layer_uses_itself_and_those_before_it() => Assert.Empty(LayerOrder.Violations(typeof(Audit).Assembly, s_layers));

    [Theory]
    [InlineData("src/AuditKit")]
    [InlineData("src/AuditKit.Reports")]
    [InlineData("src/AuditKit.Cli")]
    [InlineData("tests/AuditKit.Tests")]
    [InlineData("tests/AuditKit.Reports.Tests")]
    [InlineData("tests/AuditKit.Cli.Tests")]
    public void A_namespace_is_its_folder(string project) => Assert.Empty(LayerOrder.Misplaced(project));
}

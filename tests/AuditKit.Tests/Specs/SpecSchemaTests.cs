using AuditKit.Checks;
using AuditKit.Specs;
using AuditKit.Tests.Yaml;

namespace AuditKit.Tests.Specs;

public sealed class SpecSchemaTests
{
    private static readonly YamlSchema s_schema = new(SpecSchema.Of(CheckCatalog.Standard));

    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "audits"), "*.yaml")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "audits", "examples"), "*.yaml"))
            .Where(file => File.ReadAllText(file).Contains("\nchecks:", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_audit_is_valid(string file) => Assert.True(s_schema.Accepts(File.ReadAllText(Path.Combine(Repository.Root, file))), file);

    [Theory]
    [InlineData("accuracy: { min: 0.5 }", true)]
    [InlineData("accuracy:", true)]
    [InlineData("acuracy: { min: 0.5 }", false)]
    [InlineData("accuracy: { mim: 0.5 }", false)]
    [InlineData("accuracy: { min: 1.5 }", false)]
    [InlineData("stability: { max-flip-rate: 0.1 }", false)]
    [InlineData("simba: { images: many }", false)]
    [InlineData("weights: { padding: mirror }", false)]
    [InlineData("corruptions: { reference: alexnet }", true)]
    [InlineData("tta: { variants: [crop-flip], randaugment: { operator: 2 } }", false)]
    public void It_refuses_what_the_reader_refuses(string checks, bool isValid)
        => Assert.Equal(isValid, s_schema.Accepts($"name: x\nseed: 1\nmodel: {{ path: m.onnx }}\ndata: {{ path: d }}\nchecks: {{ {checks} }}"));

    [Fact]
    public void Every_check_and_key_is_described()
        => Assert.All(CheckCatalog.Standard.Checks.SelectMany(check => check.Keys), key => Assert.True(key.Description.Length > 10, key.Key));
}

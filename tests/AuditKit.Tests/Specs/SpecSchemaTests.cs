using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuditKit.Checks;
using AuditKit.Specs;
using Json.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuditKit.Tests.Specs;

public sealed class SpecSchemaTests
{
    private static readonly JsonSchema s_schema = JsonSchema.FromText(SpecSchema.Of(CheckCatalog.Standard).ToJsonString());

    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "audits"), "*.yaml")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "audits", "examples"), "*.yaml"))
            .Where(file => File.ReadAllText(file).Contains("\nchecks:", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_audit_is_valid(string file) => Assert.True(IsValid(File.ReadAllText(Path.Combine(Repository.Root, file))), file);

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
        => Assert.Equal(isValid, IsValid($"name: x\nseed: 1\nmodel: {{ path: m.onnx }}\ndata: {{ path: d }}\nchecks: {{ {checks} }}"));

    [Fact]
    public void Every_check_and_key_is_described()
        => Assert.All(CheckCatalog.Standard.Checks.SelectMany(check => check.Keys), key => Assert.True(key.Description.Length > 10, key.Key));

    private static bool IsValid(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        using var document = JsonDocument.Parse(Json(stream.Documents[0].RootNode)?.ToJsonString() ?? "null");
        return s_schema.Evaluate(document.RootElement).IsValid;
    }

    // What editors see: YAML's core schema.
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Json(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Json)]),
        YamlScalarNode { Value: null or "" or "~" or "null", Style: ScalarStyle.Plain } => null,
        YamlScalarNode { Value: "true" or "false", Style: ScalarStyle.Plain } scalar => scalar.Value == "true",
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out long whole) => whole,
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture,
            out double number) => number,
        _ => ((YamlScalarNode)node).Value,
    };
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuditKit.Tests.Yaml;

/// <summary>A JSON schema that judges YAML, as editors do.</summary>
internal sealed class YamlSchema(JsonObject schema)
{
    private readonly JsonSchema _schema = JsonSchema.FromText(schema.ToJsonString());

    public bool Accepts(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        using var document = JsonDocument.Parse(Json(stream.Documents[0].RootNode)?.ToJsonString() ?? "null");
        return _schema.Evaluate(document.RootElement).IsValid;
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

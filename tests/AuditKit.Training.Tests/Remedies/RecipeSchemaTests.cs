using System.Text.Json.Nodes;
using AuditKit.Checks;
using AuditKit.Specs;
using AuditKit.Tests;
using AuditKit.Tests.Yaml;
using AuditKit.Training.Loop;
using AuditKit.Training.Remediation;
using AuditKit.Training.Remedies;

namespace AuditKit.Training.Tests.Remedies;

public sealed class RecipeSchemaTests : IDisposable
{
    private const string Head = """
        name: x
        model: { architecture: resnet8-cifar, mean: [0.4], std: [0.25] }
        data: { name: fashion-mnist }
        test: { name: fashion-mnist }
        seed: 1
        epochs: 2

        """;

    private static readonly JsonObject s_json = RecipeSchema.Create();
    private static readonly YamlSchema s_schema = new(s_json);

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-recipe").FullName;

    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Repository.Root, "*recipe*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Where(file => !file.StartsWith("runs", StringComparison.Ordinal))];

    [Fact]
    public void The_schema_of_specs_knows_the_keys_of_a_remedy()
    {
        var schema = new YamlSchema(SpecSchema.Of(CheckCatalog.Standard, RemedySpec.Keys));
        string[] examples = Directory.GetFiles(Path.Combine(Repository.Root, "audits", "examples"), "*-loop.yaml");
        Assert.NotEmpty(examples);
        Assert.All(examples, file =>
        {
            string text = File.ReadAllText(file);
            Assert.True(schema.Accepts(text), file);
            Assert.False(schema.Accepts(text.Replace("\nremedy:\n", "\nremedy:\n  epoch: 1\n", StringComparison.Ordinal)), file);
        });
    }

    /// <summary>Every block that begins with a name, by its key and that name.</summary>
    public static TheoryData<string, string> Named
    {
        get
        {
            var named = new TheoryData<string, string>();
            foreach ((string key, JsonNode? schema) in s_json["properties"]!.AsObject())
            {
                foreach (JsonNode? block in schema!["oneOf"]?.AsArray() ?? [])
                {
                    named.Add(key, Name(block!));
                }
            }

            return named;
        }
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_shipped_recipe_is_valid(string file) => Assert.True(s_schema.Accepts(File.ReadAllText(Path.Combine(Repository.Root, file))), file);

    [Fact]
    public void So_is_every_row_of_every_shipped_table()
    {
        Reproduction[] tables =
        [
            .. Directory.GetFiles(Path.Combine(Repository.Root, Reproduction.Shipped), "*.yaml")
                .Where(file => File.ReadAllText(file).Contains("\nrows:", StringComparison.Ordinal)).Select(Reproduction.Load),
        ];
        Assert.NotEmpty(tables);
        Assert.All(tables, table => Assert.All(table.Rows, row
            => Assert.True(s_schema.Accepts(Recipe.Load(table.RecipeFile, row.Set, MethodCatalog.Key).Text), $"{table.Name}: {row.Name}")));
    }

    [Fact]
    public void So_is_the_recipe_that_the_documentation_shows()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "reference-models", "README.md"));
        Assert.True(s_schema.Accepts(page.Split("```yaml")[1].Split("```")[0]));
    }

    /// <summary>A method that joins the catalogue joins this test.</summary>
    [Theory]
    [MemberData(nameof(Named))]
    public void Schema_and_reader_know_the_same_keys(string key, string name)
    {
        JsonObject block = s_json["properties"]![key]!["oneOf"]!.AsArray().Single(each => Name(each!) == name)!["properties"]!.AsObject();
        string[] pairs = [.. block.Select(each => $"{each.Key}: {(each.Key == "name" ? name : Sample(each.Value!))}")];
        AssertAgree(isValid: true, key, pairs);
        AssertAgree(isValid: false, key, [.. pairs, "unheard-of: 1"]);
        for (int i = 0; i < pairs.Length; i++)
        {
            AssertAgree(isValid: false, key, [.. pairs[..i], $"x{pairs[i]}", .. pairs[(i + 1)..]]);
        }
    }

    [Theory]
    [InlineData("method", true)]
    [InlineData("method", true, "name: erm")]
    [InlineData("method", false, "name: gdor")]
    [InlineData("method", false, "name: gdro", "step: 11")]
    [InlineData("method", false, "name: frame", "weight: 1", "lower: 0.5")]
    [InlineData("method", false, "name: stability", "weight: 1", "distortion: { gauss: 0.04 }")]
    [InlineData("method", true, "name: stability", "weight: 1", "distortion: { gaussian: 0.04 }")]
    [InlineData("method", true, "name: stability", "weight: 1", "distortion: [jpeg-50, crop-2]")]
    [InlineData("method", false, "name: clamp", "gan: { stps: 1 }")]
    [InlineData("optimiser", false)]
    [InlineData("optimiser", true, "rate: 0.1")]
    [InlineData("optimiser", false, "name: sgd", "rate: 0.1", "beta1: 0.5")]
    [InlineData("schedule", true)]
    [InlineData("schedule", false, "name: step")]
    [InlineData("schedule", true, "name: step", "at: [3, 6]")]
    [InlineData("augmentation", true, "crop: 2", "flip: true")]
    [InlineData("validation", true, "split: train")]
    [InlineData("validation", false, "splt: test")]
    [InlineData("selection", true, "floor: 0.8", "hard-group: class = a x place = b")]
    [InlineData("augmentation", false, "flop: true")]
    public void The_schema_refuses_what_the_reader_refuses(string key, bool isValid, params string[] pairs) => AssertAgree(isValid, key, pairs);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void AssertAgree(bool isValid, string key, string[] pairs)
    {
        string block = $"{key}: {{ {string.Join(", ", pairs)} }}\n";
        string text = Head + (key == "optimiser" ? "" : "optimiser: { rate: 0.1 }\n") + block;
        string file = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(file, text);
        Exception? refusal = Record.Exception(() => Recipe.Load(file, [], MethodCatalog.Key));
        Assert.True(refusal is null or AuditException, $"{block}{refusal}");
        Assert.True(isValid == refusal is null, $"reader: {block}{refusal?.Message}");
        Assert.True(isValid == s_schema.Accepts(text), $"schema: {block}");
    }

    private static string Name(JsonNode block) => (string)block["properties"]!["name"]!["enum"]![0]!;

    /// <summary>A value that a key takes, as YAML.</summary>
    private static string Sample(JsonNode schema) => schema switch
    {
        JsonObject one when one["enum"] is JsonArray words => (string)words[^1]!,
        JsonObject one when one["anyOf"] is JsonArray any => Sample(any[0]!),
        JsonObject one when one["maximum"] is { } most => most.ToJsonString(),
        JsonObject one when one["properties"] is not null => "{}",
        JsonObject one when one["type"] is JsonValue type && (string)type! == "boolean" => "false",
        _ => "jpeg-50",
    };
}

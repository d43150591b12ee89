using System.Text.Json.Nodes;
using AuditKit.Tests;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;

namespace AuditKit.Training.Tests.Remedies;

public sealed class RecipeSchemaTests
{
    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Repository.Root, "*recipe*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Where(file => !file.StartsWith("runs", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void It_knows_every_key_of_every_shipped_recipe(string file)
    {
        var root = SpecMap.Parse(file, File.ReadAllText(Path.Combine(Repository.Root, file)));
        JsonObject properties = RecipeSchema.Create()["properties"]!.AsObject();
        Assert.All(root.Keys, key => Assert.True(properties.ContainsKey(key), key));
        JsonObject model = properties["model"]!["properties"]!.AsObject();
        Assert.All(root.Map("model").Keys, key => Assert.True(model.ContainsKey(key), key));
    }
}

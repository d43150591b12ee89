using System.Text.Json.Nodes;
using AuditKit.Training.Loop;
using AuditKit.Yaml;

namespace AuditKit.Training.Remedies;

/// <summary>The JSON schema of recipes, from the keys that also read them.</summary>
public static class RecipeSchema
{
    /// <summary>The schema (draft 2020-12).</summary>
    public static JsonObject Create()
    {
        JsonObject schema = SpecKey.Block([.. Recipe.Keys, MethodCatalog.Key]);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "AuditKit recipe");
        return schema;
    }
}

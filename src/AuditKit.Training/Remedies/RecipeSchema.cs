using System.Text.Json.Nodes;
using AuditKit.Training.Loop;
using AuditKit.Yaml;

namespace AuditKit.Training.Remedies;

/// <summary>The JSON schema of recipes, from the keys that also read them; a method's own keys are left open.</summary>
public static class RecipeSchema
{
    /// <summary>The schema (draft 2020-12).</summary>
    public static JsonObject Create()
    {
        JsonObject schema = SpecKey.Block([.. Recipe.Keys, new BlockKey("method", $"What is descended: {{ name: gdro }}; one of {string.Join(", ", MethodCatalog.Names)}")]);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "AuditKit recipe");
        return schema;
    }
}

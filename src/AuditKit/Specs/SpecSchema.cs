using System.Text.Json.Nodes;
using AuditKit.Checks;
using AuditKit.Data;
using AuditKit.Models;
using AuditKit.Yaml;

namespace AuditKit.Specs;

/// <summary>The JSON schema of specs, from the descriptors that also read them: editors complete and check keys by it.</summary>
public static class SpecSchema
{
    /// <summary>The schema (draft 2020-12) of a spec with these checks.</summary>
    /// <param name="catalog">The checks.</param>
    /// <param name="remedy">The keys of the <c>remedy:</c> block, which AuditKit.Training reads; null to let it hold any.</param>
    public static JsonObject Of(CheckCatalog catalog, IReadOnlyList<SpecKey>? remedy = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        JsonObject schema = SpecKey.Block(
        [
            .. AuditTerms.Keys,
            new BlockKey("model", "The model under audit", [.. ModelSpec.Keys]) { IsRequired = true },
            new BlockKey("data", "The data that it is audited on", [.. DataSpec.Keys]) { IsRequired = true },
            new BlockKey("checks", "What is measured and demanded",
                [.. catalog.Checks.Select(check => new BlockKey(check.Key, check.Assesses, check.Keys))]) { IsRequired = true },
            new BlockKey("remedy", "How the model may be trained when it fails", remedy ?? []),
        ]);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "AuditKit audit");
        return schema;
    }
}

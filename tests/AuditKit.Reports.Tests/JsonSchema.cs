using AuditKit.Tests;

namespace AuditKit.Reports.Tests;

/// <summary>Holds documents against a JSON Schema, by another implementation than any of ours.</summary>
internal static class JsonSchema
{
    /// <summary>The validator's exit status, 0 for a document that obeys, and what it complains of.</summary>
    public static (int Status, string Output) Validate(string schema, byte[] document)
    {
        string tests = Path.Combine(Repository.Root, "tests", "AuditKit.Reports.Tests");
        Assert.SkipUnless(Directory.Exists(Path.Combine(tests, "node_modules", "ajv")), $"needs the packages of {tests}/package-lock.json (npm ci)");
        string folder = Directory.CreateTempSubdirectory("auditkit-schema-").FullName;
        try
        {
            (string schemaFile, string documentFile) = (Path.Combine(folder, "schema.json"), Path.Combine(folder, "document.json"));
            File.WriteAllText(schemaFile, schema);
            File.WriteAllBytes(documentFile, document);
            return Tool.Run("node", Path.Combine(tests, "validate.mjs"), schemaFile, documentFile);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

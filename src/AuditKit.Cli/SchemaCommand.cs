using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuditKit.Checks;
using AuditKit.Specs;
using AuditKit.Training.Remediation;
using AuditKit.Training.Remedies;

namespace AuditKit.Cli;

/// <summary><c>auditkit schema</c>: the JSON schema of specs, for editors.</summary>
internal static class SchemaCommand
{
    private static readonly JsonSerializerOptions s_format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public static Command Create()
    {
        var command = new Command(
            "schema",
            $"""
            Prints the JSON schema of audit specs, or of training recipes, by which editors complete and check keys.

            With the YAML extension of VS Code: {Program.Name} schema > audit.schema.json, and as the spec's first line
              # yaml-language-server: $schema=audit.schema.json
            """);
        var what = new Argument<string>("what") { Description = "spec or recipe.", DefaultValueFactory = _ => "spec" };
        what.AcceptOnlyFromAmong("spec", "recipe");
        command.Add(what);
        command.SetAction(parsed =>
        {
            JsonObject schema = parsed.GetRequiredValue(what) == "recipe" ? RecipeSchema.Create() : SpecSchema.Of(CheckCatalog.Standard, RemedySpec.Keys);
            Console.WriteLine(schema.ToJsonString(s_format));
            return (int)ExitCode.Pass;
        });
        return command;
    }
}

using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuditKit.Checks;
using AuditKit.Specs;

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
            """
            Prints the JSON schema of audit specs, by which editors complete and check keys.

            With the YAML extension of VS Code: auditkit schema > audit.schema.json, and as the spec's first line
              # yaml-language-server: $schema=audit.schema.json
            """);
        command.SetAction(_ =>
        {
            Console.WriteLine(SpecSchema.Of(CheckCatalog.Standard).ToJsonString(s_format));
            return (int)ExitCode.Pass;
        });
        return command;
    }
}

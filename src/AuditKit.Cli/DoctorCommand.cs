using System.CommandLine;

namespace AuditKit.Cli;

/// <summary><c>auditkit doctor MODEL</c>: what is in a model file, which engines run it, do they agree.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "The model's file." };
        var command = new Command("doctor", "Says what is in a model file, which engines run it, and whether they agree.") { model };
        return command;
    }
}

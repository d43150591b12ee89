using System.CommandLine;
using AuditKit.Training.Libtorch;

namespace AuditKit.Cli;

/// <summary><c>auditkit setup</c>: fetches what is otherwise fetched when something first needs it.</summary>
internal static class SetupCommand
{
    public static Command Create()
    {
        var command = new Command(
            "setup", "Fetches libtorch (130 MB), which training, remedies, white-box attacks and TorchScript need, so that they work without "
                + "a network, and tries it.");
        command.SetAction(_ =>
        {
            Console.WriteLine($"{LibtorchEngine.Description}, in {LibtorchFolder.Find()}");
            return (int)ExitCode.Pass;
        });
        return command;
    }
}

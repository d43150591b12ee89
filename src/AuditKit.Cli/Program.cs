using System.CommandLine;
using System.CommandLine.Help;
using AuditKit.Training.Libtorch;

namespace AuditKit.Cli;

/// <summary>The command line: one file a command.</summary>
internal static class Program
{
    // The launcher says how it is called; an installed tool is on the PATH.
    private static readonly string s_name = Environment.GetEnvironmentVariable("AUDITKIT_COMMAND") ?? "auditkit";

    private static readonly string s_description =
        $"""
        Robustness evaluation and model audit for image classifiers.

        An audit is a YAML file: a trained model, real data, checks and thresholds. Running it measures the
        model, writes a report (HTML, PDF, JSON, JUnit) and ends with an exit code that a CI job can gate on:
          0 pass   1 a gate failed   2 usage or spec error   3 inconclusive   4 error while running

        Examples:
          {s_name} run audits/fashion-mnist.yaml
          {s_name} run audits/cifar10.yaml --set model.path=my-model.onnx --set checks.accuracy.min=0.9
          {s_name} compare runs/old runs/new --margin 0.01
          {s_name} verify runs/new --key public.pem --model my-model.onnx --data
          {s_name} export runs/new
          {s_name} history runs/* --out history.html
          {s_name} doctor my-model.onnx
          {s_name} data waterbirds.tar
          {s_name} train reference-models/fashion-mnist-resnet8/recipe.yaml
          {s_name} remedy runs/old --out fixed
          {s_name} reproduce waterbirds
          {s_name} tta search audits/cifar10.yaml --set data.split=train --set data.limit=5000 --out policy.json
          {s_name} schema > audit.schema.json
          {s_name} setup         fetches what is otherwise fetched when it is first needed
        """;

    private static int Main(string[] args)
    {
        LibtorchFolder.Announce = text => Console.Error.WriteLine($"auditkit: {text}");

        // A command of our name, not a RootCommand, which would call itself after the executable.
        var root = new Command(s_name, s_description)
        {
            new HelpOption(),
            new VersionOption(),
            RunCommand.Create(),
            CompareCommand.Create(),
            VerifyCommand.Create(),
            ExportCommand.Create(),
            HistoryCommand.Create(),
            DoctorCommand.Create(),
            DataCommand.Create(),
            TrainCommand.Create(),
            RemedyCommand.Create(),
            ReproduceCommand.Create(),
            TtaCommand.Create(),
            SchemaCommand.Create(),
            SetupCommand.Create(),
        };

        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine($"auditkit: {error.Message}");
            }

            Console.Error.WriteLine($"auditkit: {s_name} --help explains the commands.");
            return (int)ExitCode.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (AuditException e)
        {
            Console.Error.WriteLine($"auditkit: {e.Message}");
            return (int)e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("auditkit: interrupted. What was measured is kept; the same command goes on from there.");
            return (int)ExitCode.Error;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"auditkit: {e.Message} What was measured is kept; the same command goes on from there.");
            return (int)ExitCode.Error;
        }
#pragma warning disable CA1031 // The last resort: a defect is reported as one, never as a bare stack trace and a random exit code.
        catch (Exception e)
        {
            Console.Error.WriteLine($"auditkit: internal error, please report it: {e}");
            return (int)ExitCode.Error;
        }
#pragma warning restore CA1031
    }
}

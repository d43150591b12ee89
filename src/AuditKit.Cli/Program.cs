using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Diagnostics;
using AuditKit.Models;
using AuditKit.Training.Libtorch;
using AuditKit.Yaml;

namespace AuditKit.Cli;

/// <summary>The command line: one file a command.</summary>
internal static class Program
{
    /// <summary>How this program is called.</summary>
    internal static string Name => ProgramName.Value;

    /// <summary>What starts this program from any folder: the launcher's own path, or its name on the PATH.</summary>
    internal static string Launcher => ProgramName.Launcher ?? Name;

    /// <summary>What starts this program in another process; empty where the system does not say.</summary>
    internal static IReadOnlyList<string> Start => Environment.ProcessPath is not { } program ? []
        : Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Path.Combine(AppContext.BaseDirectory, "AuditKit.Cli.dll")]
        : [program];

    private static readonly string s_description =
        $"""
        Robustness evaluation and model audit for image classifiers.

        An audit is a YAML file: a trained model, real data, checks and thresholds. Running it measures the
        model, writes a report (HTML, PDF, JSON, JUnit) and ends with an exit code that a CI job can gate on:
          0 pass   1 a gate failed   2 usage or spec error   3 inconclusive   4 error while running
          130 interrupted by Ctrl-C   143 ended by SIGTERM

        Examples:
          {Name} run audits/fashion-mnist.yaml
          {Name} run audits/cifar10.yaml --set model.path=/path/to/my-model.onnx --set checks.accuracy.min=0.9
          {Name} run audits/cifar10.yaml --shard 3/64 --out shards/3     one piece of it, on any machine
          {Name} merge shards/* --out runs/all
          {Name} submit audits/cifar10.yaml --on slurm --shards 64
          {Name} compare runs/old runs/new --margin 0.01
          {Name} verify runs/new --key public.pem --model my-model.onnx --data
          {Name} export runs/new
          {Name} history runs/* --out history.html
          {Name} init my-model.onnx images/
          {Name} doctor my-model.onnx
          {Name} data waterbirds.tar
          {Name} models
          {Name} train reference-models/fashion-mnist-resnet8/recipe.yaml
          {Name} remedy runs/old --out fixed
          {Name} reproduce waterbirds
          {Name} tta search audits/cifar10-tta.yaml --set model.path=/path/to/my-model.onnx --set data.skip=5000 --out policy.json
          {Name} schema > audit.schema.json
          {Name} setup         fetches what is otherwise fetched when it is first needed
        """;

    private static int Main(string[] args)
    {
        ModelTrial.Command = TryModelCommand.Start;
        // What is thrown on other threads ends the process here, before the runtime aborts it with a trace.
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            try
            {
                Report((Exception)unhandled.ExceptionObject);
            }
            finally
            {
                Interruption.End((int)ExitCode.Error);
            }
        };
        Terminal.TakeOver();
        LibtorchFolder.Announce = Tell;
        int exitCode = Run(args);
        if (Terminal.Failure is { } failure)
        {
            Tell($"what was printed could not be written: {failure}. Files are complete, and the exit code is that of the work.");
        }

        return exitCode;
    }

    /// <summary>Every command with its options.</summary>
    internal static Command CreateRoot()
    {
        // A command of our name, not a RootCommand, which would call itself after the executable.
        var root = new Command(Name, s_description)
        {
            new HelpOption(),
            new VersionOption(),
            RunCommand.Create(),
            MergeCommand.Create(),
            SubmitCommand.Create(),
            CompareCommand.Create(),
            VerifyCommand.Create(),
            ExportCommand.Create(),
            HistoryCommand.Create(),
            DoctorCommand.Create(),
            InitCommand.Create(),
            DataCommand.Create(),
            ModelsCommand.Create(),
            TrainCommand.Create(),
            RemedyCommand.Create(),
            ReproduceCommand.Create(),
            TtaCommand.Create(),
            SchemaCommand.Create(),
            SetupCommand.Create(),
            TryModelCommand.Create(),
        };
        Values.RefuseEmpty(root);
        return root;
    }

    /// <summary>Runs a command; what went wrong is one line on standard error.</summary>
    internal static int Run(string[] args)
    {
        // A name that begins with '@' is a name, not a file of further arguments.
        ParseResult parsed = CreateRoot().Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            Tell(WhatIsWrong(parsed));
            return (int)ExitCode.Usage;
        }

        // Commands that take a token keep what they have done; the others do nothing that would be lost.
        using var interruption = new Interruption(waits: parsed.CommandResult.Command.Action is AsynchronousCommandLineAction);
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return parsed.InvokeAsync(configuration, interruption.Token).GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // The last resort: whatever went wrong has an exit code and one line.
        catch (Exception e)
        {
            // After a signal, failures follow from it: it reaches the programs that make reports as well.
            if (interruption.ExitCode is { } exitCode)
            {
                Tell(Interruption.Message);
                return exitCode;
            }

            return (int)Report(e);
        }
#pragma warning restore CA1031
    }

    // A word where a command is expected is a command misspelt: what follows it means nothing yet.
    private static string WhatIsWrong(ParseResult parsed)
    {
        List<string> path = [];
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult each; at = at.Parent)
        {
            path.Insert(0, each.Command.Name);
        }

        string help = $"{string.Join(' ', path)} --help";
        string[] commands = [.. parsed.CommandResult.Command.Subcommands.Where(below => !below.Hidden).Select(below => below.Name)];
        return commands.Length > 0 && parsed.UnmatchedTokens is [var word, ..] && !word.StartsWith('-')
            ? $"no command '{string.Join(' ', [.. path.Skip(1), word])}'.{Spelling.Nearest(word, commands)} {help} lists the commands."
            : $"{string.Join(" ", parsed.Errors.Select(error => error.Message).Distinct())} {help} explains "
                + (commands.Length > 0 ? "the commands." : "arguments and options.");
    }

    /// <summary>Says one line on standard error.</summary>
    internal static void Tell(string message) => Console.Error.WriteLine($"auditkit: {message.Replace("\r\n", " ").Replace('\n', ' ')}");

    /// <summary>Says what went wrong, and how the process ends.</summary>
    internal static ExitCode Report(Exception e)
    {
        Exception cause = e is AggregateException several ? several.Flatten().InnerExceptions[0] : e;
        switch (cause)
        {
            case AuditException known:
                Tell(known.Message);
                return known.ExitCode;
            case IOException:
                Tell($"{cause.Message} What was measured is kept; the same command goes on from there.");
                return ExitCode.Error;
            default:
                var ours = new StackTrace(cause).GetFrames().Select(frame => frame.GetMethod())
                    .FirstOrDefault(method => method?.DeclaringType?.FullName?.StartsWith(nameof(AuditKit), StringComparison.Ordinal) is true);
                string where = ours is null ? "" : $" in {ours.DeclaringType}.{ours.Name}";
                Tell($"internal error: {cause.GetType().Name}{where}: {cause.Message} This is a defect, please report this line and the command.");
                return ExitCode.Error;
        }
    }
}

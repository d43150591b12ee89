using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using AuditKit.Models.Onnx;

namespace AuditKit.Models;

/// <summary>
/// Engines end the process on some damaged models (ONNX Runtime on a Slice of a dimension that is empty, libtorch on a module
/// without a method), which nothing here could catch. TorchScript, and graphs with other operators than those of plain
/// convolutional networks, are therefore opened once in a process of their own.
/// </summary>
public static class ModelTrial
{
    // Damaged models of these operators alone fail with errors and never end the process: a test tries thousands.
    internal static readonly IReadOnlySet<string> Plain = new HashSet<string>(StringComparer.Ordinal)
    {
        "Add", "BatchNormalization", "Clip", "Concat", "Constant", "Conv", "Div", "Dropout", "Flatten", "Gemm",
        "GlobalAveragePool", "Identity", "LeakyRelu", "LogSoftmax", "MatMul", "MaxPool", "Mul", "Pad", "ReduceMean", "Relu",
        "Reshape", "Sigmoid", "Softmax", "Squeeze", "Sub", "Tanh", "Transpose", "Unsqueeze",
    };

    private static readonly ConcurrentDictionary<string, bool> s_survived = new(StringComparer.Ordinal);

    /// <summary>
    /// What starts a process that opens a model and ends with 0, also where the model is refused: a program and its first arguments,
    /// after which come the model's path and, where they are given, <c>--input 3,32,32</c>, <c>--embedding NAME</c>, <c>--output NAME</c>,
    /// <c>--layout NAME</c> and <c>--activation NAME</c>. Empty for no trials.
    /// </summary>
    public static IReadOnlyList<string> Command { get; set; } = [];

    // Opening and one batch take seconds; gigabytes of weights on a slow disk, a few minutes.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Whether a model has only operators that are known to fail by an error.</summary>
    internal static bool IsPlain(Graph graph) => graph.Nodes.TrueForAll(node => node.Domain.Length == 0 && Plain.Contains(node.Type));

    /// <summary>Opens a model in a process of its own. Errors of the model's are left for the caller to meet.</summary>
    /// <param name="path">The model.</param>
    /// <param name="options">What the file does not say.</param>
    /// <param name="engine">What errors call the engine.</param>
    /// <exception cref="AuditException">The process did not live through it.</exception>
    internal static void Require(string path, ClassifierOptions options, string engine) => Run(path, Arguments(path, options), engine);

    /// <summary>The same for a model that was read, once as long as it is the same.</summary>
    /// <inheritdoc cref="Require(string, ClassifierOptions, string)" path="/exception"/>
    internal static void Require(Graph graph, ClassifierOptions options, string engine)
    {
        string[] arguments = Arguments(graph.Source, options);
        string key = string.Join('\n', [graph.Sha256, .. arguments]);
        if (graph.Sha256.Length == 0 || !s_survived.ContainsKey(key))
        {
            Run(graph.Source, arguments, engine);
            s_survived[key] = true;
        }
    }

    private static string[] Arguments(string path, ClassifierOptions options) =>
    [
        path,
        .. options.Input is { } shape ? ["--input", $"{shape.Channels},{shape.Height},{shape.Width}"] : Array.Empty<string>(),
        .. options.Embedding is { } embedding ? ["--embedding", embedding] : Array.Empty<string>(),
        .. options.Output is { } output ? ["--output", output] : Array.Empty<string>(),
        .. options.Layout is { } layout ? ["--layout", $"{layout}"] : Array.Empty<string>(),
        .. options.Activation is { } activation ? ["--activation", $"{activation}"] : Array.Empty<string>(),
    ];

    private static void Run(string path, string[] ofModel, string engine)
    {
        if (Command.Count == 0)
        {
            return;
        }

        string[] arguments = [.. Command.Skip(1), .. ofModel];
        try
        {
            using Process trial = Process.Start(new ProcessStartInfo(Command[0], arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            _ = trial.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            _ = trial.StandardError.BaseStream.CopyToAsync(Stream.Null);
            if (!trial.WaitForExit(Limit))
            {
                trial.Kill(entireProcessTree: true);
                throw new AuditException($"{path}: {engine} does not come to an end with this model: a process that opened it was stopped "
                    + $"after {NumberText.Count((long)Limit.TotalMinutes)} minutes. The file is damaged, or too large for this machine.");
            }

            // A command line that is refused says nothing of the model.
            if (trial.ExitCode is not (0 or (int)ExitCode.Usage))
            {
                throw new AuditException(
                    $"{path}: {engine} does not survive this model: a process that opened it ended with code {trial.ExitCode}. "
                    + "The file is damaged, or an operator in it has sizes that cannot be; export it again.");
            }
        }
        catch (Win32Exception)
        {
            // No process can be started here: the model is run without a trial.
        }
    }
}

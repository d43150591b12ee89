using System.Diagnostics;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Models.Onnx.Wire;

namespace AuditKit.Tests.Models;

/// <summary>
/// Hundreds of models, each damaged in its own way: opening one and running it works or is an error of ours. They run in a
/// process of their own, since the library beneath can end a process, and that must fail this test and not the others.
/// </summary>
public sealed class DamagedModelsTests : IDisposable
{
    private const string Variable = "AUDITKIT_TEST_DAMAGED";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-damaged-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_model_that_is_damaged_works_and_has_every_operator_that_is_run_without_a_trial()
    {
        string path = Path.Combine(_folder, "model.onnx");
        Graph graph = PlainNetwork.Build();
        Assert.Equal(ModelTrial.Plain.Order(), graph.Nodes.Select(node => node.Type).Distinct().Order());
        OnnxFile.Write(graph, path);
        Run(path);
    }

    [Fact]
    public async Task A_damaged_model_works_or_is_refused_and_ends_no_process()
    {
        const int Count = 600;
        string tests = Path.ChangeExtension(typeof(DamagedModelsTests).Assembly.Location, null);
        using Process child = Process.Start(new ProcessStartInfo(tests, ["-method", $"*.{nameof(Open_damaged_models)}", "-explicit", "only"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Variable] = $"{_folder};0;{Count}" },
        })!;
        Task<string> output = child.StandardOutput.ReadToEndAsync();
        Task<string> errors = child.StandardError.ReadToEndAsync();
        bool ended = child.WaitForExit(s_patience);
        if (!ended)
        {
            child.Kill();
        }

        string said = $"{await output}\n{await errors}";
        Assert.True(ended && child.ExitCode == 0, $"after seed {Seed()}: exit code {(ended ? child.ExitCode : "none")}\n{said}");
        Assert.Equal($"{Count}", Seed());

        string Seed() => File.ReadAllText(Path.Combine(_folder, "seed"));
    }

    /// <summary>Is the process of the test above.</summary>
    [Fact(Explicit = true)]
    public void Open_damaged_models()
    {
        string? task = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(task is null, "only runs as the child process of the test above");
        string[] parts = task.Split(';');
        ModelProto model = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(PlainNetwork.Build()));
        (int first, int end) = (int.Parse(parts[1]), int.Parse(parts[2]));
        string path = Path.Combine(parts[0], "damaged.onnx");
        int refused = 0;
        for (int seed = first; seed < end; seed++)
        {
            File.WriteAllText(Path.Combine(parts[0], "seed"), $"{seed}");
            File.WriteAllBytes(path, ModelMutation.Of(model, seed));
            try
            {
                Run(path);
            }
            catch (AuditException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        // Most of the damage is noticed, and some does not matter: both happen, or the mutations are none.
        Assert.InRange(refused, (end - first) / 2, (end - first) * 95 / 100);
        File.WriteAllText(Path.Combine(parts[0], "seed"), $"{end}");
    }

    private static void Run(string path)
    {
        using var classifier = new OnnxRuntimeClassifier(path, new ClassifierOptions { Threads = 1 });
        classifier.Run(SmallModels.Pixels(classifier.Input.Length), 1, new float[classifier.Classes], new float[classifier.EmbeddingLength]);
    }
}

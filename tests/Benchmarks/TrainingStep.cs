using System.Diagnostics;
using System.Runtime.CompilerServices;
using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using AuditKit.Training.Loop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Benchmarks;

/// <summary>
/// A training step against the same network in Python on the libtorch that it has, in turn: <c>training-step [resnet8-cifar or resnet18] [side]
/// [batch] [float32 or bfloat16]</c>. Python's bfloat16 is its autocast, with channels last.
/// </summary>
internal static class TrainingStep
{
    private const int Threads = 2;
    private const int Rounds = 9;

    public static void Run(string[] arguments)
    {
        string architecture = arguments.ElementAtOrDefault(0) ?? "resnet8-cifar";
        int side = int.Parse(arguments.ElementAtOrDefault(1) ?? "32"), batchSize = int.Parse(arguments.ElementAtOrDefault(2) ?? "128");
        string precision = arguments.ElementAtOrDefault(3) ?? "float32";
        // A second or so a round.
        int steps = architecture == "resnet8-cifar" ? 8 : 2;
        LibtorchEngine.Start();
        set_num_threads(Threads);
        KeptMemory.Enable();
        var size = new InputShape(3, side, side);
        using var network = new GraphModule(Architecture.Build(architecture, size, 10, seed: 1))
        {
            Training = true,
            Precision = precision == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32,
        };
        Parameter[] parameters = [.. network.Parameters.Values];
        using var optimiser = optim.SGD(parameters, 0.1, momentum: 0.9, weight_decay: 5e-4, nesterov: true);
        float[] images = [.. Enumerable.Range(0, batchSize * size.Length).Select(i => i % 251 / 251f)];
        long[] labels = [.. Enumerable.Range(0, batchSize).Select(i => (long)i % 10)];
        using Tensor mean = full([1, 3, 1, 1], 0.5);
        using Tensor std = full([1, 3, 1, 1], 0.25);

        using Process python = StartPython(architecture, side, batchSize, precision);
        var ours = new List<double>();
        var theirs = new List<double>();
        for (int round = 0; round <= Rounds; round++)
        {
            (double mine, double other) = (OurRate(), TheirRate());
            // The first round warms both up.
            if (round > 0)
            {
                ours.Add(mine);
                theirs.Add(other);
            }
        }

        python.StandardInput.Close();
        double[] ratios = [.. ours.Zip(theirs, (a, b) => a / b).Order()];
        Console.WriteLine($"AuditKit {Median(ours):F0} images/s, Python {Median(theirs):F0} images/s ({architecture}, {side} pixels, {precision}, batch {batchSize}, {Threads} threads, "
            + $"median of {Rounds})");
        Console.WriteLine($"ratio, pair by pair: median {ratios[Rounds / 2]:F2}, from {ratios[0]:F2} to {ratios[^1]:F2}");

        double OurRate()
        {
            long start = Stopwatch.GetTimestamp();
            for (int step = 0; step < steps; step++)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor batch = tensor(images, [batchSize, 3, side, side]).sub_(mean).div_(std);
                Tensor loss = nn.functional.cross_entropy(network.Forward(batch), tensor(labels));
                optimiser.zero_grad();
                loss.backward();
                optimiser.step();
                loss.item<float>();
            }

            return steps * batchSize / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        double TheirRate()
        {
            python.StandardInput.WriteLine(steps);
            return double.Parse(python.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Python ended early: Debian's "
                + "python3-torch is needed."));
        }
    }

    private static Process StartPython(string architecture, int side, int batchSize, string precision)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Here(), "training_step.py"), $"{Threads}", architecture, $"{side}", $"{batchSize}", precision])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Both must wait for work in the same way, or the one that spins takes the other's processors.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        // What it prints is read here; oneDNN's protocol of ours is of use.
        start.Environment.Remove("ONEDNN_VERBOSE");
        return Process.Start(start)!;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

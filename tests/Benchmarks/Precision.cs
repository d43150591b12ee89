using System.Diagnostics;
using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using AuditKit.Training.Loop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Benchmarks;

/// <summary>A training step in bfloat16 (channels last) against one in float32, in turn.</summary>
internal static class Precision
{
    private const int Rounds = 5;

    /// <param name="arguments">The architecture (resnet18-cifar), the batch (128).</param>
    public static void Run(string[] arguments)
    {
        LibtorchEngine.Start();
        set_num_threads(2);
        KeptMemory.Enable();
        string architecture = arguments.ElementAtOrDefault(0) ?? "resnet18-cifar";
        int size = int.Parse(arguments.ElementAtOrDefault(1) ?? "128");
        Models.Onnx.Graph graph = Architecture.Build(architecture, new InputShape(3, 32, 32), 10, seed: 1);
        using Tensor images = rand(size, 3, 32, 32);
        using Tensor labels = arange(size).remainder(10);
        ScalarType[] precisions = [ScalarType.Float32, ScalarType.BFloat16];
        double[] best = [double.MaxValue, double.MaxValue];
        GraphModule[] networks = [.. precisions.Select(precision => new GraphModule(graph) { Training = true, Precision = precision })];
        OptimizerHelper[] optimisers = [.. networks.Select(network => optim.SGD(network.Parameters.Values, 0.01, momentum: 0.9))];
        for (int round = 0; round <= Rounds; round++)
        {
            for (int i = 0; i < precisions.Length; i++)
            {
                double seconds = Step(networks[i], optimisers[i]);
                best[i] = round == 0 ? best[i] : Math.Min(best[i], seconds);
            }
        }

        Console.WriteLine($"{architecture}, batch {size}: float32 {size / best[0]:F0} images/s, bfloat16 {size / best[1]:F0} images/s: "
            + $"{best[0] / best[1]:F2} times");

        double Step(GraphModule network, OptimizerHelper optimiser)
        {
            long start = Stopwatch.GetTimestamp();
            using DisposeScope scope = NewDisposeScope();
            optimiser.zero_grad();
            Tensor loss = nn.functional.cross_entropy(network.Forward(images), labels);
            loss.backward();
            optimiser.step();
            loss.item<float>();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}

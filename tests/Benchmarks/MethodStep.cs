using System.Diagnostics;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Benchmarks;

/// <summary>
/// A training step of each method against one of plain empirical risk minimisation, on networks of their own that take
/// turns: <c>method-step [architecture] [batch] [methods, comma separated]</c>. Images are made once, outside the time. On a
/// machine with other work set OMP_WAIT_POLICY=passive, or waiting threads count as computing ones.
/// </summary>
internal static class MethodStep
{
    private const int Threads = 2;
    private const int Rounds = 9;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);

    private static readonly SortedDictionary<string, string> Methods = new()
    {
        ["aairm"] = "{ name: aairm }",
        ["adversarial"] = "{ name: adversarial, epsilon: 0.03, steps: 3 }",
        ["augmix"] = "{ name: augmix }",
        ["delta"] = "{ name: delta, beta: 0.0001 }",
        ["dynamic-network-surgery"] = "{ name: dynamic-network-surgery, deviations: 2, from: 0 }",
        ["frame"] = "{ name: frame, weight: 0.01, lower: 0.5, upper: 1.5 }",
        ["gdro"] = "{ name: gdro }",
        ["l2-sp"] = "{ name: l2-sp }",
        ["magnitude-pruning"] = "{ name: magnitude-pruning, sparsity: 0.9, from: 0 }",
        ["mhe"] = "{ name: mhe, weight: 0.01 }",
        ["orthogonal-convolution"] = "{ name: orthogonal-convolution, weight: 0.01 }",
        ["soft-orthogonality"] = "{ name: soft-orthogonality, weight: 0.01 }",
        ["soft-weight-sharing"] = "{ name: soft-weight-sharing, from: 0 }",
        ["sparse-variational-dropout"] = "{ name: sparse-variational-dropout, warm-up: 0 }",
        ["stability"] = "{ name: stability, weight: 1, distortion: { gaussian: 0.04 } }",
        ["srip"] = "{ name: srip, weight: 0.01 }",
        ["wasserstein"] = "{ name: wasserstein }",
    };

    public static void Run(string[] arguments)
    {
        string architecture = arguments.ElementAtOrDefault(0) ?? "resnet18-cifar";
        int batch = int.Parse(arguments.ElementAtOrDefault(1) ?? "128");
        string[] names = arguments.ElementAtOrDefault(2)?.Split(',') ?? [.. Methods.Keys];
        LibtorchEngine.Start();
        set_num_threads(Threads);
        KeptMemory.Enable();
        using var data = new NoiseDataset(batch);
        Console.WriteLine($"{architecture}, batch {batch}, {Threads} threads, {Rounds} rounds after a second or one to warm up; medians of a step");
        foreach (string name in names)
        {
            using var plain = new Training(architecture, batch, "{ name: erm }", data);
            using var method = new Training(architecture, batch, Methods[name], data);
            // Until then .NET has compiled what is called often once more, and better.
            long start = Stopwatch.GetTimestamp();
            do
            {
                plain.Step();
                method.Step();
            }
            while (Stopwatch.GetElapsedTime(start) < s_warmUp);

            (Time Erm, Time Method)[] pairs = [.. Enumerable.Range(0, Rounds).Select(_ => (plain.Step(), method.Step()))];
            Console.WriteLine(
                $"{name,-24}ERM {Median(pairs, pair => pair.Erm.Wall):F0} ms, method {Median(pairs, pair => pair.Method.Wall):F0} ms, "
                + $"ratio {Median(pairs, pair => pair.Method.Wall / pair.Erm.Wall):F2}; "
                + $"of processor time {Median(pairs, pair => pair.Method.Processor / pair.Erm.Processor):F2}, "
                + $"from {pairs.Min(pair => pair.Method.Processor / pair.Erm.Processor):F2} to "
                    + $"{pairs.Max(pair => pair.Method.Processor / pair.Erm.Processor):F2}");
        }
    }

    private static double Median((Time Erm, Time Method)[] pairs, Func<(Time Erm, Time Method), double> figure) => pairs.Select(figure)
        .Order().ElementAt(Rounds / 2);

    /// <summary>Milliseconds that a step took, and that its threads computed: the latter depends less on what else runs.</summary>
    private readonly record struct Time(double Wall, double Processor);

    /// <summary>A network that a method trains, step by step on the same batch.</summary>
    private sealed class Training : IDisposable
    {
        private readonly GraphModule _network;
        private readonly TrainingMethod _method;
        private readonly optim.Optimizer _optimiser;
        private readonly Batch _batch;
        private readonly TensorNormalisation _normalisation = new(new AuditKit.Models.Normalisation(new InputShape(3, 32, 32), [0.5f], [0.25f]), CPU);
        private long _steps;

        public Training(string architecture, int batch, string method, NoiseDataset data)
        {
            string file = Path.GetTempFileName();
            // As in the tables: the LeNets, which are made sparse, are trained by Adam.
            string optimiser = architecture.StartsWith("lenet", StringComparison.Ordinal)
                ? "{ name: adam, rate: 0.001 }" : "{ name: sgd, rate: 0.01, momentum: 0.9 }";
            File.WriteAllText(file, $$"""
                name: benchmark
                model: { architecture: {{architecture}}, mean: [0.5], std: [0.25] }
                data: { name: fashion-mnist }
                test: { name: fashion-mnist }
                group-attribute: side
                seed: 1
                epochs: 1
                batch: {{batch}}
                optimiser: {{optimiser}}
                method: {{method}}
                """);
            Recipe recipe = Recipe.Load(file, [], MethodCatalog.Key);
            File.Delete(file);
            var transform = new InputTransform(new InputShape(3, 32, 32));
            var groups = GroupTable.Of(data, "side");
            int[] images = [.. Enumerable.Range(0, batch)];
            _network = new GraphModule(Architecture.Build(architecture, transform.Input, data.Classes.Count, seed: 1)) { Training = true };
            _method = recipe.Method(new TrainingTask(
                _network, data, images, transform, groups, recipe, Path.GetTempPath(), (_, _, _) => { }, CancellationToken.None)
            {
                Normalisation = recipe.Model.Options(AuditKit.Models.Device.Cpu, 1).Normalisation(transform.Input),
                Validation = new TrainingSet(data, transform, images, groups),
            });
            _optimiser = recipe.Optimiser.Create([new([.. _network.Parameters.Values, .. _method.Parameters])]);
            _batch = new TrainingSet(data, transform, images, groups).Epoch(images, 0, recipe, _method).Single();
        }

        /// <summary>Trains a step, and says how long it took.</summary>
        public Time Step()
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            using DisposeScope scope = NewDisposeScope();
            _network.Training = true;
            _optimiser.zero_grad();
            Tensor loss = _method.Loss(new AuditKit.Training.Loop.TrainingStep(_network, _batch, _normalisation, 1, _steps++, 0));
            loss.backward();
            _optimiser.step();
            loss.item<float>();
            return new Time(Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
        }

        public void Dispose()
        {
            _optimiser.Dispose();
            _method.Dispose();
            _network.Dispose();
        }
    }

    /// <summary>Noise in ten classes, half of each on either side: the time of a step does not depend on what it learns.</summary>
    private sealed class NoiseDataset(int count) : IDataset
    {
        public string Name => "noise";

        public string Format => "synthetic";

        public IReadOnlyList<string> Files => [];

        public int Count => count;

        public IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, 10).Select(c => $"{c}")];

        public IReadOnlyList<string> Attributes => ["side"];

        public int Label(int index) => index % 10;

        public string Attribute(string name, int index) => index / 10 % 2 == 0 ? "left" : "right";

        public string Source(int index) => $"#{index}";

        public Image Load(int index)
        {
            var image = new Image(32, 32, 3);
            var random = CounterRandom.For(1, "noise", index);
            foreach (ref byte sample in image.Samples.AsSpan())
            {
                sample = (byte)random.NextInt32(256);
            }

            return image;
        }

        public void Dispose()
        {
        }
    }
}

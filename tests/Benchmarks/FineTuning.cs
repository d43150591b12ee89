using System.Diagnostics;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Architectures;
using AuditKit.Models.Features;
using AuditKit.Models.Onnx;
using AuditKit.Training.Backbones;
using AuditKit.Training.Graphs;
using AuditKit.Training.Libtorch;
using AuditKit.Training.Loop;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Benchmarks;

/// <summary>
/// A training step of ResNet-18 at 96 pixels: the graph, the same network of TorchSharp's own modules, and the reference backbone where it
/// is here, in turn: <c>fine-tuning [side] [batch]</c>. On a machine with other work set OMP_WAIT_POLICY=passive.
/// </summary>
internal static class FineTuning
{
    private const int Threads = 2, Rounds = 5, Classes = 2;

    public static void Run(string[] arguments)
    {
        int side = int.Parse(arguments.ElementAtOrDefault(0) ?? "96"), batch = int.Parse(arguments.ElementAtOrDefault(1) ?? "64");
        LibtorchEngine.Start();
        set_num_threads(Threads);
        KeptMemory.Enable();
        var size = new InputShape(3, side, side);
        using var modules = new ResNet18();
        var contestants = new List<(string Name, Func<Tensor, Tensor> Forward, Parameter[] Parameters, bool ChannelsLast)>();
        AddGraph("graph, resnet18", Architecture.Build("resnet18", size, Classes, seed: 1));
        AddGraph("graph, resnet18, channels last", Architecture.Build("resnet18", size, Classes, seed: 1), channelsLast: true);
        contestants.Add(("TorchSharp's modules", modules.call, [.. modules.parameters()], false));
        contestants.Add(("TorchSharp's modules, channels last", modules.call, [.. modules.parameters()], true));
        if (ReferenceBackbone.All[0] is var backbone && BackboneFolder.IsThere(backbone))
        {
            ClassifierOptions options = backbone.Preprocessing.Of(new ModelSpec { Path = "" }).Options(AuditKit.Models.Device.Cpu, Threads);
            Graph graph = FeatureClassifier.Build(backbone.Open(), null, options with { Input = size }, Classes, seed: 1);
            AddGraph(backbone.Name, graph);
            AddGraph($"{backbone.Name}, channels last", graph, channelsLast: true);
            AddGraph($"{backbone.Name}, last block", graph, TrainedPart.LastBlock);
        }

        optim.Optimizer[] optimisers = [.. contestants.Select(one => optim.SGD(one.Parameters, 0.001, momentum: 0.9, weight_decay: 1e-4))];
        float[] pixels = [.. Enumerable.Range(0, batch * size.Length).Select(i => (i % 251 / 251f) - 0.5f)];
        long[] labels = [.. Enumerable.Range(0, batch).Select(i => (long)i % Classes)];
        var times = contestants.Select(_ => new List<double>()).ToArray();
        for (int round = 0; round <= Rounds; round++)
        {
            for (int i = 0; i < contestants.Count; i++)
            {
                long start = Stopwatch.GetTimestamp();
                using DisposeScope scope = NewDisposeScope();
                Tensor images = tensor(pixels, [batch, 3, side, side]);
                images = contestants[i].ChannelsLast ? images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : images;
                Tensor loss = nn.functional.cross_entropy(contestants[i].Forward(images), tensor(labels));
                optimisers[i].zero_grad();
                loss.backward();
                optimisers[i].step();
                loss.item<float>();
                // The first round warms all up.
                if (round > 0)
                {
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            }
        }

        Console.WriteLine($"{side} pixels, batch {batch}, {Threads} threads, float32, median of {Rounds} rounds in turn");
        for (int i = 0; i < contestants.Count; i++)
        {
            double seconds = times[i].Order().ElementAt(Rounds / 2);
            Console.WriteLine($"{contestants[i].Name,-40}{batch / seconds,8:F1} images/s");
        }

        void AddGraph(string name, Graph graph, TrainedPart trained = TrainedPart.All, bool channelsLast = false)
        {
            var classifier = ClassifierGraph.Of(graph);
            var network = new GraphModule(classifier.Graph) { Result = classifier.Logits, Training = true };
            new NetworkParts(network, classifier).Freeze(trained);
            network.Training = true;
            contestants.Add((name, network.Forward, [.. network.Parameters.Values], channelsLast));
        }
    }

    /// <summary>ResNet-18 (He et al. 2016) as Python's torchvision writes it.</summary>
    private sealed class ResNet18 : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential _layers;

        public ResNet18()
            : base(nameof(ResNet18))
        {
            _layers = nn.Sequential(
                nn.Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, stride: 2, padding: 1),
                new Block(64, 64, 1), new Block(64, 64, 1), new Block(64, 128, 2), new Block(128, 128, 1),
                new Block(128, 256, 2), new Block(256, 256, 1), new Block(256, 512, 2), new Block(512, 512, 1),
                nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, Classes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _layers.call(input);
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential _residual;
        private readonly Sequential? _shortcut;

        public Block(int channels, int width, int stride)
            : base(nameof(Block))
        {
            _residual = nn.Sequential(
                nn.Conv2d(channels, width, 3, stride: stride, padding: 1, bias: false), nn.BatchNorm2d(width), nn.ReLU(),
                nn.Conv2d(width, width, 3, padding: 1, bias: false), nn.BatchNorm2d(width));
            _shortcut = stride == 1 ? null : nn.Sequential(nn.Conv2d(channels, width, 1, stride: stride, bias: false), nn.BatchNorm2d(width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => (_residual.call(input) + (_shortcut?.call(input) ?? input)).relu();
    }
}

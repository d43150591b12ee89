using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using Mono.Cecil;
using Mono.Cecil.Cil;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Tests.Libtorch;

/// <summary>
/// What TorchSharp hands to libtorch outlives the call. In the package's own assembly hundreds of methods do not see to it, and a long run dies of
/// that at times: the first two tests are short ones, the last reads every method.
/// </summary>
[Collection(nameof(Alone))]
public sealed class NativeCallLifetimesTests
{
    private const int Trainings = 4;
    private const int Additions = 8_000;

    [Fact]
    public void A_number_that_is_added_is_not_collected_during_the_addition()
    {
        using var collecting = new CollectingThread();
        Tensor one = ones(4).DetachFromDisposeScope();
        for (int i = 0; i < Additions; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Assert.Equal(7, (((one + one) + 1.5) * 2)[0].item<float>());
        }
    }

    [Fact]
    public void Trainings_under_a_thread_that_collects_all_the_time_equal_a_calm_one()
    {
        float[] calm = Train();
        using var collecting = new CollectingThread();
        for (int i = 0; i < Trainings; i++)
        {
            Assert.Equal(calm, Train());
        }
    }

    [Fact]
    public void Every_method_that_calls_native_code_keeps_its_arguments_until_it_returns()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(torch).Assembly.Location);
        MethodDefinition[] callers =
        [
            .. assembly.MainModule.GetTypes().SelectMany(type => type.Methods)
                .Where(method => method.HasBody && method.HasThis && !method.DeclaringType.IsValueType
                    && method.Body.Instructions.Any(step => step.Operand is MethodDefinition { IsPInvokeImpl: true })),
        ];

        Assert.True(callers.Length > 700, $"{callers.Length} methods");
        Assert.All(callers, method => Assert.All(
            method.Body.Instructions.Where(step => step.OpCode == OpCodes.Ret),
            end => Assert.Equal("KeepAlive", (end.Previous.Operand as MethodReference)?.Name)));
    }

    // A few steps of Adam, whose numbers are made inside TorchSharp.
    private static float[] Train()
    {
        using DisposeScope scope = NewDisposeScope();
        Graph graph = Architecture.Build("resnet8-cifar", new InputShape(1, 8, 8), 2, seed: 3);
        using var network = new GraphModule(graph) { Training = true };
        using var optimiser = optim.Adam(network.Parameters.Values, 0.01);
        manual_seed(1);
        Tensor images = randn(8, 1, 8, 8);
        Tensor labels = tensor(new long[] { 0, 1, 0, 1, 0, 1, 0, 1 });
        for (int i = 0; i < 4; i++)
        {
            using DisposeScope step = NewDisposeScope();
            optimiser.zero_grad();
            F.cross_entropy(network.Forward(images), labels).backward();
            optimiser.step();
        }

        return [.. network.Parameters.Values.SelectMany(parameter => parameter.detach().data<float>().ToArray())];
    }

    private sealed class CollectingThread : IDisposable
    {
        private readonly Thread _thread;
        private volatile bool _isOver;

        public CollectingThread()
        {
            _thread = new Thread(() =>
            {
                while (!_isOver)
                {
                    GC.Collect(0);
                }
            });
            _thread.Start();
        }

        public void Dispose()
        {
            _isOver = true;
            _thread.Join();
        }
    }
}

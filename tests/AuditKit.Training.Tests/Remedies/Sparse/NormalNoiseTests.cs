using AuditKit.Training.Remedies.Sparse;
using AuditKit.Training.Tests.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies.Sparse;

[Collection(nameof(Alone))]
public sealed class NormalNoiseTests
{
    [Fact]
    public void A_step_leaves_nothing_behind()
    {
        using var noise = new NormalNoise(CPU);
        using Tensor like = zeros(4, 1000);
        Step();
        long alive = Tensor.TotalCount;
        for (int i = 0; i < 100; i++)
        {
            Step();
        }

        Assert.InRange(Tensor.TotalCount - alive, long.MinValue, 0);

        void Step()
        {
            using DisposeScope scope = NewDisposeScope();
            noise.Like(like);
        }
    }
}

using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class MemoryTests
{
    [Fact]
    public void A_hundred_thousand_operations_leave_nothing_behind()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor input = randn(4, 3, 8, 8);
        Tensor weight = randn([4, 3, 3, 3], requires_grad: true);
        int threads = get_num_threads();
        set_num_threads(1);
        Steps(100);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long tensors = Tensor.TotalCount;

        // The process takes some megabytes before it settles. One scalar forgotten in every step, 400 bytes with
        // what libtorch keeps of it, would add 800 kB to every block, so that none could stay below 256 kB.
        long smallest = long.MaxValue;
        for (int block = 0; block < 10 && (block < 6 || smallest > 256 << 10); block++)
        {
            long before = ResidentBytes();
            Steps(2000);
            smallest = Math.Min(smallest, ResidentBytes() - before);
        }

        set_num_threads(threads);
        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.InRange(smallest, long.MinValue, 256 << 10);

        // Ten operations a step: forward, loss, slices, a list of results, backward and an update.
        void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor output = nn.functional.conv2d(input, weight).relu();
                Tensor[] halves = output.chunk(2, 1);
                Tensor loss = (halves[0] - halves[1]).square()[.., 0].mean();
                loss.backward();
                using IDisposable quiet = no_grad();
                weight.add_(weight.grad!, -1e-3).clamp_(-2, 2);
                weight.grad = null;
            }
        }
    }

    [Fact]
    public void Tensors_that_nobody_disposes_are_collected_before_memory_runs_away()
    {
        // 3,000 × 1 MiB: without pressure on the collector, 3 GB behind a few kilobytes of managed objects.
        long before = ResidentBytes();
        long highest = 0;
        for (int i = 0; i < 3000; i++)
        {
            zeros(262_144);
            highest = Math.Max(highest, ResidentBytes(collect: false));
        }

        Assert.InRange(highest - before, long.MinValue, 1L << 30);
    }

    [Fact]
    public void Failing_operations_leave_nothing_behind()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor vector = ones(1 << 16);
        long before = ResidentBytes();
        for (int i = 0; i < 2000; i++)
        {
            Assert.ThrowsAny<Exception>(() => vector.view(3));
        }

        Assert.InRange(ResidentBytes() - before, long.MinValue, 32 << 20);
    }

    private static long ResidentBytes(bool collect = true)
    {
        if (collect)
        {
            GC.Collect();
        }

        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
    }
}

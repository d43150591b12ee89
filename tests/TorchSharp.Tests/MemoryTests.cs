using System.Runtime.InteropServices;
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

        // One scalar forgotten in every step, 300 bytes with what libtorch keeps of it, would add 600 kB to every block.
        long resident = ResidentBytes();
        long smallest = long.MaxValue;
        for (int block = 0; block < 5; block++)
        {
            long before = AllocatedBytes();
            Steps(2000);
            smallest = Math.Min(smallest, AllocatedBytes() - before);
        }

        set_num_threads(threads);
        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.InRange(smallest, long.MinValue, 128 << 10);
        Assert.InRange(ResidentBytes() - resident, long.MinValue, 64 << 20);

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
            highest = Math.Max(highest, ResidentBytes());
        }

        Assert.InRange(highest - before, long.MinValue, 1L << 30);
    }

    [Fact]
    public void Failing_operations_leave_nothing_behind()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor vector = ones(4);
        Fail(100);
        long before = AllocatedBytes();
        Fail(2000);
        Assert.InRange(AllocatedBytes() - before, long.MinValue, 256 << 10);

        void Fail(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.ThrowsAny<Exception>(() => vector.view(3));
            }
        }
    }

    private static long ResidentBytes() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;

    /// <summary>
    /// Native bytes in use: memory that was freed stays resident, to be used again, and would hide a leak.
    /// </summary>
    private static long AllocatedBytes()
    {
        // The collector's own tables are native too.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        MallocInfo info = mallinfo2();
        return (long)(info.UsedBytes + info.MappedBytes);
    }

    [DllImport("libc")]
    private static extern MallocInfo mallinfo2();

    /// <summary>The structure of mallinfo(3).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallocInfo
    {
        private readonly nuint _arena, _freeChunks, _fastBlocks, _mappings;
        public readonly nuint MappedBytes;
        private readonly nuint _unused, _fastBytes;
        public readonly nuint UsedBytes;
        private readonly nuint _freeBytes, _top;
    }
}

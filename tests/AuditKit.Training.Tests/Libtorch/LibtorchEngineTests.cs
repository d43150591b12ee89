using System.Runtime.InteropServices;
using System.Xml.Linq;
using AuditKit.Tests;
using AuditKit.Training.Libtorch;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AuditKit.Training.Tests.Libtorch;

[Collection(nameof(Alone))]
public sealed class LibtorchEngineTests
{
    [Fact]
    public void The_version_that_is_fetched_is_the_one_that_TorchSharp_was_compiled_against()
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", "Libtorch", "Libtorch.csproj"));
        string[] versions =
        [
            .. project.Descendants("PackageReference")
                .Where(package => package.Attribute("Include")!.Value.StartsWith("libtorch-cpu-", StringComparison.Ordinal))
                .Select(package => package.Attribute("Version")!.Value),
        ];

        Assert.Equal(3, versions.Length);
        Assert.All(versions, version => Assert.Equal(LibtorchEngine.Version, version));
        Assert.Equal($"{LibtorchEngine.Version}.0", __version__);
        Assert.StartsWith($"libtorch {LibtorchEngine.Version}", LibtorchEngine.Description);
    }

    [Fact]
    public void Libtorch_s_own_message_comes_on_one_line_without_a_native_stack()
    {
        ExternalException error = Assert.Throws<ExternalException>(() => mm(ones(2, 3), ones(2, 3)));

        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", error.Text());
        Assert.DoesNotContain("frame #", Assert.Throws<ExternalException>(() => zeros(1L << 50)).Text());
        Assert.Equal("as it is\nwith two lines", new InvalidOperationException("as it is\nwith two lines").Text());
    }

    [Fact]
    public void The_same_seed_gives_the_numbers_that_PyTorch_gives()
    {
        // python3: torch.manual_seed(42); torch.randn(3)
        using DisposeScope scope = NewDisposeScope();
        manual_seed(42);
        Assert.True(randn(3).allclose(tensor([0.3367f, 0.1288f, 0.2345f]), atol: 5e-5));
    }

    [Fact]
    public void A_matrix_product_has_the_same_bits_wherever_its_matrices_lie()
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Tensor a = randn(100, 133), b = randn(133, 77);
        byte[] expected = a.matmul(b).bytes.ToArray();
        for (int i = 0; i < 64; i++)
        {
            Tensor moved = zeros((100 * 133) + i).slice(0, i, (100 * 133) + i, 1).view(100, 133).copy_(a);
            Assert.Equal(expected, moved.matmul(b).bytes.ToArray());
        }
    }

    [Fact]
    public void What_cannot_be_multiplied_or_differentiated_is_an_exception()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal([2L, 4, 5], MatrixProduct.Of(ones(4, 3), ones(2, 3, 5)).shape);
        Assert.Throws<ArgumentException>(() => MatrixProduct.Of(ones(2, 3), ones(2, 3)));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Of(ones(2, 1, 3), ones(3, 3, 4)));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Of(ones(2, 3), ones(3, 2, ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Of(tensor(1f), ones(3)));

        Tensor x = tensor([1f, 2f]).requires_grad_(), y = tensor([3f]).requires_grad_();
        Assert.Equal([2f, 4f], Gradient.Of((x * x).sum(), x).data<float>().ToArray());
        Assert.Equal([6f, 20f], Gradient.Of(x * x, x, tensor([3f, 5f])).data<float>().ToArray());
        Assert.Null(x.grad);
        Assert.ThrowsAny<Exception>(() => Gradient.Of((y * y).sum(), x));
        Assert.ThrowsAny<Exception>(() => Gradient.Of(ones(1), x));
    }

    [Fact]
    public void A_hundred_thousand_operations_leave_nothing_behind()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor input = randn(4, 3, 8, 8);
        Tensor weight = randn([4, 3, 3, 3], requires_grad: true);
        int threads = get_num_threads();
        set_num_threads(1);
        Steps(500);
        long alive = Tensor.TotalCount;

        // One scalar forgotten in every step, 300 bytes with what libtorch keeps of it, would add 600 kB to every block.
        long smallest = long.MaxValue;
        for (int block = 0; block < 5; block++)
        {
            long before = AllocatedBytes();
            Steps(2000);
            smallest = Math.Min(smallest, AllocatedBytes() - before);
        }

        set_num_threads(threads);
        Assert.InRange(Tensor.TotalCount - alive, long.MinValue, 0);
        Assert.InRange(smallest, long.MinValue, 128 << 10);

        // Ten operations a step: forward, loss, slices, a list of results, backward and an update.
        void Steps(int count)
        {
            for (int i = 0; i < count; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor output = F.conv2d(input, weight).relu();
                Tensor[] halves = output.chunk(2, 1);
                halves[0].sub(halves[1]).square().mean().backward();
                using IDisposable quiet = no_grad();
                weight.add_(weight.grad!, -1e-3).clamp_(-2, 2);
                weight.grad = null;
            }
        }
    }

    // Native bytes in use: memory that was freed stays resident, to be used again, and would hide a leak.
    private static long AllocatedBytes()
    {
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

using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class DeviceTests
{
    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1, "cpu")]
    [InlineData("cuda", DeviceType.CUDA, -1, "cuda")]
    [InlineData("CUDA:1", DeviceType.CUDA, 1, "cuda:1")]
    public void A_description_names_a_device(string description, DeviceType type, int index, string text)
    {
        Device device = description;
        Assert.Equal(type, device.type);
        Assert.Equal(index, device.index);
        Assert.Equal(text, device.ToString());
    }

    [Fact]
    public void Tensors_go_where_they_are_sent()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal("cpu", ones(1).to("cpu").device.ToString());
        Assert.Equal(DeviceType.CPU, ones(1).cpu().device_type);
        Tensor shapeOnly = zeros([3], device: device(DeviceType.META));
        Assert.True(shapeOnly.is_meta);
        Assert.Throws<InvalidOperationException>(() => shapeOnly.data<float>());
    }

    [Fact]
    public void A_card_computes_what_the_processor_computes()
    {
        Assert.SkipUnless(cuda.is_available(), "this machine has no card that libtorch can use");
        using DisposeScope scope = NewDisposeScope();
        manual_seed(0);
        Tensor x = randn(4, 3, 16, 16), w = randn(8, 3, 3, 3);
        Tensor there = nn.functional.conv2d(x.cuda(), w.cuda(), padding: [1L]).relu();
        cuda.synchronize();
        Assert.Equal("cuda:0", there.device.ToString());
        Assert.True(there.cpu().allclose(nn.functional.conv2d(x, w, padding: [1L]).relu(), 1e-3, 1e-3));
        Assert.Equal(2f, tensor([2f]).to("cuda:0").ToScalar().ToSingle());
    }

    [Fact]
    public void The_number_of_threads_can_be_set()
    {
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            Assert.Equal(1, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }

        Assert.Equal(Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null, before == Environment.ProcessorCount);
        Assert.Matches(@"^\d+\.\d+", __version__);
    }
}

using System.Runtime.InteropServices;
using AuditKit.Tests;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>
/// Data/small.pt was saved by PyTorch 1.13: a Conv2d(1, 2, 3) with weights 0, 0.1 … 1.7 and biases 1 and −1, then
/// BatchNorm2d(2), Dropout(0.5) and the mean over pixels; method both(x, k) returns (x·k, x + k).
/// </summary>
public sealed class ScriptModuleTests
{
    private static readonly string File =
        Path.Combine(Repository.Root, "tests", "TorchSharp.Tests", "Data", "small.pt");

    [Fact]
    public void A_module_computes_what_it_computed_when_it_was_saved()
    {
        // Printed by the saving program for this input.
        using DisposeScope scope = NewDisposeScope();
        using var module = jit.load<Tensor, Tensor>(File);
        Tensor output = module.forward(arange(32f).reshape(2, 1, 4, 4));
        Assert.True(output.allclose(tensor([35.7998f, 94.5495f, 93.3995f, 281.7486f], [2L, 2L]), 1e-5, 1e-3));
    }

    [Fact]
    public void Training_and_evaluation_differ_where_the_module_says_so()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule module = jit.load(File, CPU);
        Assert.False(module.training);
        module.train();
        Assert.True(module.training);
        Tensor input = randn(2, 1, 4, 4);
        Assert.False(((Tensor)module.forward(input)).allclose((Tensor)module.forward(input)));
        module.eval();
        Assert.True(((Tensor)module.forward(input)).allclose((Tensor)module.forward(input)));
    }

    [Fact]
    public void Methods_take_numbers_and_return_tuples()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule module = jit.load(System.IO.File.ReadAllBytes(File));
        var (scaled, moved) = ((Tensor, Tensor))module.invoke("both", ones(1), 2.5);
        Assert.Equal(2.5f, scaled.item<float>());
        Assert.Equal(3.5f, moved.item<float>());
    }

    [Fact]
    public void Parameters_and_buffers_are_listed_by_name()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule module = jit.load(File);
        Assert.Equal(
            ["bn.bias", "bn.weight", "conv.bias", "conv.weight"],
            module.named_parameters().Select(entry => entry.name).Order());
        Assert.Equal([2L, 1, 3, 3], module.named_parameters().Single(entry => entry.name == "conv.weight").parameter.shape);
        Assert.Contains("bn.running_mean", module.named_buffers().Select(entry => entry.name));
        Assert.Empty(module.named_parameters(recurse: false));
    }

    [Fact]
    public void Gradients_reach_the_input()
    {
        using DisposeScope scope = NewDisposeScope();
        using var module = jit.load<Tensor, Tensor>(File);
        Tensor input = ones([1, 1, 3, 3], requires_grad: true);
        module.call(input)[0, 0].backward();
        Assert.Equal(0.8f, input.grad![0, 0, 2, 2].item<float>(), 1e-4f);
    }

    [Fact]
    public void Files_that_are_no_TorchScript_are_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            Assert.Throws<FileNotFoundException>(() => jit.load(path + ".missing"));
            foreach (byte[] content in new byte[][] { [], [0x80, 0x02, (byte)'.'], System.IO.File.ReadAllBytes(File)[..5000] })
            {
                System.IO.File.WriteAllBytes(path, content);
                Assert.Throws<ExternalException>(() => jit.load(path));
                Assert.Throws<ExternalException>(() => jit.load(content));
            }
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void A_wrong_input_is_an_error_of_the_module()
    {
        using DisposeScope scope = NewDisposeScope();
        using jit.ScriptModule module = jit.load(File);
        Assert.Throws<ExternalException>(() => module.forward(ones(1, 3, 4, 4)));
        Assert.Throws<ExternalException>(() => module.invoke("nothing"));
        Assert.Throws<ArgumentException>(() => module.forward(new object()));
    }
}

using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class ErrorTests
{
    [Fact]
    public void An_operator_that_fails_throws_its_message_without_a_native_stack()
    {
        using DisposeScope scope = NewDisposeScope();
        ExternalException error = Assert.Throws<ExternalException>(() => mm(ones(2, 3), ones(2, 3)));
        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", error.Message);
    }

    [Fact]
    public void A_failure_leaves_the_thread_usable()
    {
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < 100; i++)
        {
            Assert.Throws<ExternalException>(() => ones(2).view(3));
        }

        Assert.Equal(2, ones(2).sum().item<float>());
    }

    [Fact]
    public void An_operator_that_libtorch_does_not_have_is_named()
    {
        ExternalException error = Assert.Throws<ExternalException>(() => Operators.Call("no_such_thing.out"));
        Assert.Equal("This libtorch has no operator aten::no_such_thing.out.", error.Message);
    }

    [Fact]
    public void Arguments_that_do_not_fit_the_schema_are_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Contains("given for", Assert.Throws<ExternalException>(() => Operators.Call("relu", 1)).Message);
        Assert.Contains("takes 1 arguments", Assert.Throws<ExternalException>(() => Operators.Call("relu", ones(1), 1)).Message);
        Assert.Contains("list", Assert.Throws<ExternalException>(() => Operators.Call("permute", ones(1), 1.5)).Message);
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        Tensor tensor = ones(1);
        tensor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.sum());
        Assert.Throws<ObjectDisposedException>(() => tensor.shape);
        Assert.Equal("[disposed]", tensor.ToString());
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    public void A_device_that_does_not_exist_is_refused(string description) =>
        Assert.Throws<ArgumentException>(() => new Device(description));

    [Fact]
    public void A_card_that_is_not_there_is_an_error_of_libtorch()
    {
        Assert.SkipWhen(cuda.is_available(), "this machine has a card");
        using Tensor tensor = ones(1);
        Assert.Throws<ExternalException>(() => tensor.to("cuda:0"));
        Assert.Equal(0, cuda.device_count());
    }

    [Fact]
    public void Reading_elements_as_another_type_is_refused()
    {
        using Tensor tensor = ones(2);
        Assert.Throws<ArgumentException>(() => tensor.data<double>());
        Assert.Throws<ArgumentException>(() => tensor.item<float>());
    }

    [Fact]
    public void A_shape_that_does_not_hold_the_values_is_refused()
    {
        Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2, 3 }, [2L, 2L]));
        Assert.Throws<NotSupportedException>(() => from_array(new string[1]));
    }
}

using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Graphs.Operators;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Graphs;

/// <summary>What narrow maps are convolved by where the processor has tiles, which the machine of the tests need not have.</summary>
public sealed class NarrowConvolutionTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 2, 2)]
    [InlineData(2, 2, 0)]
    public void One_matrix_product_is_the_convolution(long stride, long dilation, long pad)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = rand(2, 3, 7, 6, float64), weight = rand(4, 3, 3, 2, float64) - 0.5, bias = rand(4, float64);
        var node = new Node("Conv", ["x", "weight", "bias"], ["y"]);
        node.Attributes["strides"] = new long[] { stride, stride };
        node.Attributes["dilations"] = new long[] { dilation, dilation };
        node.Attributes["pads"] = new long[] { pad, pad, pad, pad };
        var context = new NodeContext("model.onnx", node, opset: 17, [x, weight, bias], training: true);

        Tensor product = Convolution.AsMatrixProduct(x, weight, bias, Window.Read(context, x, weight.shape[2..]), [pad, pad]);

        Tensor expected = nn.functional.conv2d(x, weight, bias, [stride, stride], [pad, pad], [dilation, dilation]);
        Assert.Equal(expected.shape, product.shape);
        Assert.InRange((expected - product).abs().max().item<double>(), 0, 1e-12);
    }
}

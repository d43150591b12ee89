using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class IndexingTests
{
    [Fact]
    public void Numbers_ranges_and_slices_select_as_in_C_sharp_and_Python()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(24).reshape(2, 3, 4);
        Assert.Equal(17, x[1, 1, 1].item<long>());
        Assert.Equal([3L, 4], x[-1].shape);
        Assert.Equal([20L, 21, 22, 23], x[1, 2].data<long>());
        Assert.Equal([1L, 5, 9], x[0, .., 1].data<long>());
        Assert.Equal([4L, 5, 8, 9], x[0, 1.., ..2].data<long>());
        Assert.Equal([2L, 3], x[0, 0, ^2..].data<long>());
        Assert.Equal([0L, 2], x[0, 0, TensorIndex.Slice(step: 2)].data<long>());
        Assert.Equal([1L, 3], x[0, 0, TensorIndex.Slice(1, null, 2)].data<long>());
        Assert.Equal([3L, 15], x[TensorIndex.Colon, 0, ^1].data<long>());
    }

    [Fact]
    public void Ellipsis_and_new_dimensions_keep_their_places()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(24).reshape(2, 3, 4);
        Assert.Equal([2L, 3], x[TensorIndex.Ellipsis, 0].shape);
        Assert.Equal([1L, 2, 3, 4, 1], x[TensorIndex.None, TensorIndex.Ellipsis, TensorIndex.None].shape);
        Assert.Equal([3L, 1], x[0, TensorIndex.Ellipsis, TensorIndex.None, 1].shape);
        Assert.Equal([1L, 2, 3, 4], x[TensorIndex.Bool(true)].shape);
    }

    [Fact]
    public void Tensors_of_integers_and_truth_values_pick_elements()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(12).reshape(3, 4);
        Assert.Equal([8L, 9, 10, 11, 0, 1, 2, 3], x[tensor([2L, 0])].data<long>());
        Assert.Equal([2L, 7], x[tensor([0L, 1]), tensor([2L, 3])].data<long>());
        Assert.Equal([10L, 11], x[x > 9].data<long>());
        Assert.Equal([6L, 2], x[TensorIndex.Tensor(tensor([1L, 0])), 2].data<long>());
        Assert.Equal([1L, 3, 9, 11], x[TensorIndex.Slice(step: 2), TensorIndex.Tensor(tensor([1L, 3]))].data<long>());
        Assert.Equal([5L], x[.., TensorIndex.None, 1..2][1, 0].data<long>());
    }

    [Fact]
    public void Parts_can_be_written()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros([2, 3], int64);
        x[0] = 1;
        x[1, 2] = 5;
        x[.., 1] = tensor([7L, 8]);
        Assert.Equal([1L, 7, 1, 0, 8, 5], x.data<long>());
        x[x > 6] = tensor(-1L);
        x[TensorIndex.Tensor(tensor([1L])), 0] = tensor([9L]);
        Assert.Equal([1L, -1, 1, 9, -1, 5], x.data<long>());
        x.index_put_(ones([2], int64), [tensor([0L, 0]), tensor([0L, 0])], accumulate: true);
        Assert.Equal(3, x[0, 0].item<long>());
    }

    [Fact]
    public void Indexing_leaves_no_tensors_behind()
    {
        using Tensor x = zeros(4, 4, 4);
        using Tensor row = ones(4);
        long before = Tensor.TotalCount;
        x[0, 1..3, TensorIndex.None].Dispose();
        x[1] = row;
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Selections_equal_their_definitions()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = arange(12f).reshape(3, 4);
        Tensor index = tensor([0L, 2, 1, 0], [1L, 4]);
        Assert.Equal([0f, 9, 6, 3], x.gather(0, index).data<float>());
        Assert.Equal([8f, 9, 10, 11], x.index_select(0, tensor([2L])).data<float>());
        Assert.Equal([5f, 6], x[1].narrow(0, 1, 2).data<float>());
        Assert.Equal([0f, 100, 2, 3], x[0].scatter(0, tensor([1L]), tensor([100f])).data<float>());
        Assert.Equal([0f, 3, 2, 3], x[0].scatter_add(0, tensor([1L, 1]), tensor([1f, 1])).data<float>());
        Assert.Equal([-1f, -1, 2, 3], x[0].masked_fill(x[0] < 2, -1).data<float>());
        Assert.Equal([2L, 3], x[0].ge(2).nonzero().data<long>());
        Assert.Equal([1L, 3], where(tensor([false, true, false, true]))[0].data<long>());
        Assert.Equal([1L, 2], searchsorted(tensor([1f, 2, 3]), tensor([1.5f, 3])).data<long>());
        Assert.Equal([2f, 1], x[0].take(tensor([2L, 1])).data<float>());
    }
}

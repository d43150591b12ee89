using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_created_in_it_and_nothing_else()
    {
        using Tensor outside = ones(2);
        Tensor inside;
        using (NewDisposeScope())
        {
            inside = outside + 1;
            Assert.False(inside.IsInvalid);
        }

        Assert.True(inside.IsInvalid);
        Assert.False(outside.IsInvalid);
    }

    [Fact]
    public void A_tensor_moved_out_is_disposed_by_the_outer_scope()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor moved;
        using (NewDisposeScope())
        {
            moved = ones(1).MoveToOuterDisposeScope();
        }

        Assert.False(moved.IsInvalid);
        Assert.True(outer.Contains(moved));
        outer.Dispose();
        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void A_tensor_moved_out_of_the_outermost_scope_belongs_to_nobody()
    {
        Tensor moved;
        using (DisposeScope scope = NewDisposeScope())
        {
            moved = scope.MoveToOuter(ones(1));
        }

        Assert.False(moved.IsInvalid);
        moved.Dispose();
    }

    [Fact]
    public void A_detached_tensor_outlives_all_scopes()
    {
        Tensor detached;
        using (NewDisposeScope())
        {
            using (DisposeScope inner = NewDisposeScope())
            {
                detached = ones(1).DetachFromDisposeScope();
                Assert.Equal(0, inner.DisposablesCount);
            }
        }

        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void Disposing_a_tensor_takes_it_out_of_its_scope()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor tensor = ones(1);
        Assert.Equal(1, scope.DisposablesCount);
        tensor.Dispose();
        tensor.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Everything_but_what_is_kept_is_disposed_and_the_scope_stays_open()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor kept = ones(1), dropped = ones(1);
        Assert.Same(kept, scope.DisposeEverythingBut(kept));
        Assert.True(dropped.IsInvalid);
        Assert.Equal([kept], scope.DisposablesView);
        Tensor later = ones(1);
        Assert.True(scope.Contains(later));
    }

    [Fact]
    public void A_tensor_can_be_attached_to_another_scope()
    {
        using DisposeScope outer = NewDisposeScope();
        using DisposeScope inner = NewDisposeScope();
        Tensor tensor = ones(1);
        outer.Attach(tensor);
        Assert.False(inner.Contains(tensor));
        Assert.True(outer.Contains(tensor));
        tensor.MoveToOtherDisposeScope(inner);
        Assert.True(inner.Contains(tensor));
    }

    [Fact]
    public void An_outer_scope_may_be_disposed_before_an_inner_one()
    {
        DisposeScope outer = NewDisposeScope();
        DisposeScope inner = NewDisposeScope();
        outer.Dispose();
        Assert.Same(inner, CurrentDisposeScope);
        inner.Dispose();
        Assert.Null(CurrentDisposeScope);
    }

    [Fact]
    public void Scopes_own_other_disposables_too()
    {
        var file = new MemoryStream();
        using (DisposeScope scope = NewDisposeScope())
        {
            scope.Attach(file);
        }

        Assert.False(file.CanRead);
    }

    [Fact]
    public void A_scope_belongs_to_its_thread()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = ones(1));
        thread.Start();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
        elsewhere!.Dispose();
    }

    [Fact]
    public void A_parameter_takes_the_place_of_its_tensor_in_the_scope()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor data = ones(2);
        long before = Tensor.TotalCount;
        var parameter = new Modules.Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal([parameter], scope.DisposablesView);
        Assert.True(parameter.requires_grad && parameter.is_leaf);
    }
}

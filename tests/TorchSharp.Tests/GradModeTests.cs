using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class GradModeTests
{
    [Fact]
    public void No_grad_holds_until_it_is_disposed_and_nests()
    {
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            using (enable_grad())
            {
                Assert.True(is_grad_enabled());
            }

            Assert.False(is_grad_enabled());
        }

        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Nothing_is_recorded_under_no_grad()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = ones([1], requires_grad: true);
        using IDisposable quiet = no_grad();
        Assert.False((weight * 2).requires_grad);
    }

    [Fact]
    public void Modes_of_one_thread_do_not_reach_another()
    {
        using var quiet = new ManualResetEventSlim();
        using var seen = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            using IDisposable mode = no_grad();
            quiet.Set();
            seen.Wait();
        });
        thread.Start();
        quiet.Wait();
        bool here = is_grad_enabled();
        seen.Set();
        thread.Join();
        Assert.True(here);
    }

    [Fact]
    public void Many_threads_switch_their_own_mode_without_disturbing_each_other()
    {
        int wrong = 0;
        var threads = Enumerable.Range(0, 4).Select(index => new Thread(() =>
        {
            for (int i = 0; i < 2000; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                bool enabled = (i + index) % 2 == 0;
                using IDisposable mode = set_grad_enabled(enabled);
                Tensor weight = ones([1], requires_grad: true);
                if ((weight * 2).requires_grad != enabled)
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Inference_mode_ends_with_its_result()
    {
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
        }

        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void Deterministic_algorithms_hold_until_disposed()
    {
        using (use_deterministic_algorithms())
        {
            Assert.True(are_deterministic_algorithms_enabled());
        }

        Assert.False(are_deterministic_algorithms_enabled());
    }
}

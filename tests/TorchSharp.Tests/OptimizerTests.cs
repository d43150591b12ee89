using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Optimisers against the published update rules, number by number, in double precision.</summary>
public sealed class OptimizerTests
{
    private static readonly double[] Start = [0.5, -1.25, 3.0];

    public static TheoryData<double, double, double, bool, bool> SgdSettings => new()
    {
        { 0, 0, 0, false, false },
        { 0, 0, 0.1, false, true },
        { 0.9, 0, 0, false, false },
        { 0.9, 0.3, 0.05, false, false },
        { 0.9, 0, 0.05, true, false },
        { 0.8, 0, 0.05, true, true },
    };

    public static TheoryData<bool, double, bool, bool> AdamSettings => new()
    {
        { false, 0, false, false },
        { false, 0.1, false, false },
        { false, 0.1, true, true },
        { true, 0.1, false, false },
        { true, 0.1, true, false },
    };

    [Theory]
    [MemberData(nameof(SgdSettings))]
    public void Sgd_follows_its_rule(double momentum, double dampening, double decay, bool nesterov, bool maximize)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] expected = [.. Start];
        double[] buffer = new double[3];
        Parameter weight = Weight();
        using SGD optimizer = optim.SGD([weight], 0.1, momentum, dampening, decay, nesterov, maximize);
        for (int step = 0; step < 5; step++)
        {
            Step(optimizer, weight);
            for (int i = 0; i < 3; i++)
            {
                double d = ((maximize ? -1 : 1) * Gradient(expected[i])) + (decay * expected[i]);
                if (momentum != 0)
                {
                    buffer[i] = step == 0 ? d : (momentum * buffer[i]) + ((1 - dampening) * d);
                    d = nesterov ? d + (momentum * buffer[i]) : buffer[i];
                }

                expected[i] -= 0.1 * d;
            }
        }

        Near(expected, weight);
    }

    [Theory]
    [MemberData(nameof(AdamSettings))]
    public void Adam_and_AdamW_follow_their_rules(bool decoupled, double decay, bool amsgrad, bool maximize)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] expected = [.. Start], m = new double[3], v = new double[3], largest = new double[3];
        Parameter weight = Weight();
        using OptimizerHelper optimizer = decoupled
            ? optim.AdamW([weight], 0.05, 0.8, 0.99, 1e-6, decay, amsgrad, maximize)
            : optim.Adam([weight], 0.05, 0.8, 0.99, 1e-6, decay, amsgrad, maximize);
        for (int step = 1; step <= 6; step++)
        {
            Step(optimizer, weight);
            for (int i = 0; i < 3; i++)
            {
                double g = (maximize ? -1 : 1) * Gradient(expected[i]);
                if (decoupled)
                {
                    expected[i] *= 1 - (0.05 * decay);
                }
                else
                {
                    g += decay * expected[i];
                }

                m[i] = (0.8 * m[i]) + (0.2 * g);
                v[i] = (0.99 * v[i]) + (0.01 * g * g);
                largest[i] = Math.Max(largest[i], v[i]);
                double second = (amsgrad ? largest[i] : v[i]) / (1 - Math.Pow(0.99, step));
                expected[i] -= 0.05 * (m[i] / (1 - Math.Pow(0.8, step))) / (Math.Sqrt(second) + 1e-6);
            }
        }

        Near(expected, weight);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void A_stored_optimiser_goes_on_as_if_it_had_not_stopped(string kind)
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter unbroken = Weight(), broken = Weight();
        using OptimizerHelper straight = Make(unbroken);
        Run(straight, unbroken, 6);
        using var memory = new MemoryStream();
        using (OptimizerHelper first = Make(broken))
        {
            Run(first, broken, 3);
            first.save_state_dict(new BinaryWriter(memory));
        }

        memory.Position = 0;
        using OptimizerHelper second = Make(broken);
        second.load_state_dict(new BinaryReader(memory));
        Run(second, broken, 3);
        Assert.Equal(unbroken.data<double>().ToArray(), broken.data<double>().ToArray());

        OptimizerHelper Make(Parameter weight) => kind switch
        {
            "sgd" => optim.SGD([weight], 0.1, 0.9, nesterov: true),
            "adam" => optim.Adam([weight], 0.1, amsgrad: true),
            _ => optim.AdamW([weight], 0.1, weight_decay: 0.1),
        };

        static void Run(OptimizerHelper optimizer, Parameter weight, int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                Step(optimizer, weight);
            }
        }
    }

    [Fact]
    public void A_state_of_other_parameters_or_another_optimiser_is_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        using var memory = new MemoryStream();
        using SGD written = optim.SGD([Weight()], 0.1, 0.9);
        written.save_state_dict(new BinaryWriter(memory));
        memory.Position = 0;
        Assert.Contains("SGD", Assert.Throws<InvalidDataException>(
            () => optim.Adam([Weight()]).load_state_dict(new BinaryReader(memory))).Message);
        memory.Position = 0;
        Assert.Throws<InvalidDataException>(
            () => optim.SGD([Weight(), Weight()], 0.1).load_state_dict(new BinaryReader(memory)));
    }

    [Fact]
    public void What_an_optimiser_remembers_outlives_the_scope_of_the_step_and_dies_with_it()
    {
        using DisposeScope outer = NewDisposeScope();
        Parameter weight = Weight();
        long before = Tensor.TotalCount;
        using (SGD optimizer = optim.SGD([weight], 0.1, 0.9))
        {
            for (int i = 0; i < 3; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                Step(optimizer, weight);
            }

            Assert.Equal(before + 1, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void The_learning_rate_can_be_changed_between_steps()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter weight = Weight();
        using SGD optimizer = optim.SGD([weight], 0.1);
        foreach (optim.ILearningRateController group in optimizer.ParamGroups)
        {
            group.LearningRate = 0;
        }

        Step(optimizer, weight);
        Near(Start, weight);
        Assert.Equal(0.1, optimizer.ParamGroups.Single().InitialLearningRate);
    }

    [Fact]
    public void Groups_have_settings_of_their_own_and_no_parameter_twice()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter fast = Weight(), slow = Weight();
        using SGD optimizer = optim.SGD([fast], 1);
        optimizer.add_param_group(new SGD.ParamGroup([slow], lr: 0));
        Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new SGD.ParamGroup([fast], lr: 0)));
        fast.sum().backward();
        slow.sum().backward();
        optimizer.step();
        Near(Start, slow);
        Near([.. Start.Select(value => value - 1)], fast);
    }

    [Fact]
    public void A_closure_computes_the_loss_with_gradients_on()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter weight = Weight();
        using SGD optimizer = optim.SGD([weight], 0.1);
        using IDisposable quiet = no_grad();
        Tensor loss = optimizer.step(() =>
        {
            Tensor sum = weight.sum();
            sum.backward();
            return sum;
        })!;
        Assert.Equal(Start.Sum(), loss.item<double>());
        Near([.. Start.Select(value => value - 0.1)], weight);
    }

    [Fact]
    public void Gradients_are_clipped_to_a_common_norm()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter a = Weight(), b = Weight();
        a.grad = tensor([3.0, 0, 0]);
        b.grad = tensor([0, 4.0, 0]);
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-12);
        Assert.Equal(0.6, a.grad![0].item<double>(), 1e-5);
        Assert.Equal(0.8, b.grad![1].item<double>(), 1e-5);
    }

    private static Parameter Weight() => new(tensor(Start));

    // The gradient of Σ w⁴/4 + sin w.
    private static double Gradient(double w) => (w * w * w) + Math.Cos(w);

    private static void Step(OptimizerHelper optimizer, Parameter weight)
    {
        optimizer.zero_grad();
        ((weight.pow(4) / 4) + weight.sin()).sum().backward();
        optimizer.step();
    }

    private static void Near(double[] expected, Tensor actual)
    {
        double[] values = actual.data<double>().ToArray();
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], values[i], 1e-10 * Math.Max(1, Math.Abs(expected[i])));
        }
    }
}

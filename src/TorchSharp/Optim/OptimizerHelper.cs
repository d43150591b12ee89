using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Parameters that are changed under the same settings.</summary>
public class ParamGroup : ILearningRateController
{
    /// <summary>Parameters under a learning rate.</summary>
    protected ParamGroup(IEnumerable<Parameter> parameters, double lr)
    {
        Parameters = [.. parameters];
        LearningRate = lr;
        InitialLearningRate = lr;
    }

    /// <summary>The parameters.</summary>
    public IEnumerable<Parameter> Parameters { get; set; }

    /// <inheritdoc/>
    public double LearningRate { get; set; }

    /// <inheritdoc/>
    public double InitialLearningRate { get; set; }
}

/// <summary>What all optimisers here share: groups, a state for every parameter, and storing both.</summary>
public abstract class OptimizerHelper : Optimizer
{
    private readonly List<ParamGroup> _groups = [];
    private readonly Dictionary<Parameter, State> _states = new(ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    public override IEnumerable<ILearningRateController> ParamGroups => _groups;

    /// <inheritdoc/>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        foreach (Parameter parameter in param_group.Parameters)
        {
            if (!_states.TryAdd(parameter, new State()))
            {
                throw new ArgumentException("A parameter is in the optimiser already.", nameof(param_group));
            }
        }

        _groups.Add(param_group);
    }

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters() => _groups.SelectMany(group => group.Parameters);

    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null)
    {
        Tensor? loss = null;
        if (closure is not null)
        {
            using IDisposable recording = enable_grad();
            loss = closure();
        }

        using IDisposable quiet = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach (ParamGroup group in _groups)
        {
            foreach (Parameter parameter in group.Parameters)
            {
                if (parameter.grad is { } grad)
                {
                    State state = _states[parameter];
                    state.Step++;
                    Update(group, parameter, grad, state);
                }
            }
        }

        return loss;
    }

    /// <inheritdoc/>
    public override void zero_grad()
    {
        foreach (Parameter parameter in parameters())
        {
            using Tensor? grad = parameter.grad;
            grad?.detach_().zero_();
        }
    }

    /// <summary>Writes the learning rates and what is remembered of every parameter into a file.</summary>
    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    /// <summary>Writes the learning rates and what is remembered of every parameter.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        writer.Write(GetType().Name);
        writer.Write(_groups.Count);
        foreach (ParamGroup group in _groups)
        {
            writer.Write(group.LearningRate);
            writer.Write(group.InitialLearningRate);
        }

        writer.Write(_states.Count);
        foreach (Parameter parameter in parameters())
        {
            _states[parameter].Save(writer);
        }
    }

    /// <summary>Reads a file that <see cref="save_state_dict(string)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file does not fit this optimiser and its parameters.</exception>
    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// <summary>Reads what <see cref="save_state_dict(BinaryWriter)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The data does not fit this optimiser and its parameters.</exception>
    public void load_state_dict(BinaryReader reader)
    {
        string name = reader.ReadString();
        Fits(name == GetType().Name, $"it was written by {name}");
        int groups = reader.ReadInt32();
        Fits(groups == _groups.Count, $"it has {groups} groups of parameters, not {_groups.Count}");
        foreach (ParamGroup group in _groups)
        {
            group.LearningRate = reader.ReadDouble();
            group.InitialLearningRate = reader.ReadDouble();
        }

        int states = reader.ReadInt32();
        Fits(states == _states.Count, $"it has {states} parameters, not {_states.Count}");
        foreach (Parameter parameter in parameters())
        {
            _states[parameter].Load(reader, parameter);
        }
    }

    /// <summary>Changes one parameter.</summary>
    private protected abstract void Update(ParamGroup group, Parameter parameter, Tensor grad, State state);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (State state in _states.Values)
            {
                state.Clear();
            }
        }
    }

    private static void Fits(bool condition, string reason)
    {
        if (!condition)
        {
            throw new InvalidDataException($"The optimiser's state does not fit: {reason}.");
        }
    }

    /// <summary>What is remembered of a parameter: how many steps, and a few tensors of its shape.</summary>
    private protected sealed class State
    {
        private readonly Tensor?[] _tensors = new Tensor?[3];

        /// <summary>How many steps changed the parameter, the present one included.</summary>
        public long Step { get; set; }

        /// <summary>Whether a tensor was remembered.</summary>
        public bool Has(int slot) => _tensors[slot] is not null;

        /// <summary>A tensor that lives from step to step, made at its first use.</summary>
        public Tensor Get(int slot, Func<Tensor> make) => _tensors[slot] ??= make().DetachFromDisposeScope();

        /// <summary>Disposes the tensors.</summary>
        public void Clear()
        {
            foreach (Tensor? tensor in _tensors)
            {
                tensor?.Dispose();
            }

            Array.Clear(_tensors);
        }

        /// <summary>Writes the state.</summary>
        public void Save(BinaryWriter writer)
        {
            writer.Write(Step);
            foreach (Tensor? tensor in _tensors)
            {
                writer.Write(tensor?.numel() ?? -1);
                if (tensor is not null)
                {
                    writer.Flush();
                    tensor.WriteBytesToStream(writer.BaseStream);
                }
            }
        }

        /// <summary>Reads the state of a parameter, whose shape and type its tensors have.</summary>
        public void Load(BinaryReader reader, Parameter parameter)
        {
            Clear();
            Step = reader.ReadInt64();
            for (int i = 0; i < _tensors.Length; i++)
            {
                long elements = reader.ReadInt64();
                Fits(elements < 0 || elements == parameter.numel(), $"{elements} numbers for a parameter of {parameter.numel()}");
                if (elements >= 0)
                {
                    using Tensor values = empty_like(parameter, device: CPU);
                    values.ReadBytesFromStream(reader.BaseStream);
                    _tensors[i] = values.to(parameter.device, copy: true).DetachFromDisposeScope();
                }
            }
        }
    }
}

using AuditKit.Models.Onnx;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Graphs;

/// <content>Loading: initialisers become tensors, and nodes whose inputs are constant are computed once.</content>
public sealed partial class GraphModule
{
    /// <summary>Copies the initialisers into libtorch's memory.</summary>
    private void Load(ParameterSelection selection)
    {
        foreach ((string name, TensorValue value) in Graph.Initializers)
        {
            if (value.Type.ToTorch() is null)
            {
                // Tensors that no node uses, such as lists of class names, are ignored.
                if (!_steps.Exists(step => step.Inputs.Contains(_places[name])))
                {
                    continue;
                }

                throw new AuditException($"{Graph.Source}: initializer '{name}' is of type {value.Type}, which cannot be trained.");
            }

            if (selection.Parameters.Contains(name))
            {
                var parameter = new Parameter(value.ToTensor().to(Device));
                _parameters.Add(name, parameter);
                Keep(name, parameter);
            }
            else if (selection.Buffers.Contains(name))
            {
                _buffers.Add(name, Keep(name, value.ToTensor().to(Device)));
            }
            else
            {
                KeepConstant(name, value.ToTensor(), selection);
            }
        }
    }

    /// <summary>Runs every node once whose inputs are all constant; what it gives is constant too.</summary>
    private void Fold(ParameterSelection selection)
    {
        HashSet<int> trained = [.. selection.Parameters.Concat(selection.Buffers).Select(name => _places[name])];
        Tensor?[] values = [.. _known];
        _steps.RemoveAll(step =>
        {
            if (step.Operator.HasModes || !step.Inputs.All(IsConstant))
            {
                return false;
            }

            step.Run(values, training: false);
            foreach (string name in step.Node.Outputs.Where(name => name.Length > 0))
            {
                values[_places[name]] = KeepConstant(name, values[_places[name]]!, selection);
            }

            return true;
        });

        bool IsConstant(int place) => place < 0 || (_known[place] is not null && !trained.Contains(place));
    }

    /// <summary>
    /// Folds what is computed from shapes and is the same for every batch size. Exports compute the target of a
    /// Reshape from the shape of its input, of which only the batch varies; what is equal in two runs with different batch sizes is constant.
    /// </summary>
    private void FoldShapes(ParameterSelection selection)
    {
        if (ShapeComputation.Find(_steps, place => _known[place] is not null) is not { Count: > 0 } names
            || ShapeComputation.ProbeShapes(Graph) is not [var first, var second])
        {
            return;
        }

        Tensor[] one = Run(torch.zeros(first, device: Device), names);
        Tensor[] other = Run(torch.zeros(second, device: Device), names);
        for (int i = 0; i < names.Count; i++)
        {
            if (one[i].ToValue().ContentEquals(other[i].ToValue()))
            {
                KeepConstant(names[i], one[i], selection);
            }
        }

        _steps.RemoveAll(step => step.Outputs.All(place => place < 0 || _known[place] is not null));
        Fold(selection);
    }

    /// <summary>Whole numbers are shapes and indices and stay on the CPU, and so do settings, which are read there.</summary>
    private Tensor KeepConstant(string name, Tensor value, ParameterSelection selection) =>
        Keep(name, value.is_floating_point() && !selection.Settings.Contains(name) ? value.to(Device) : value);

    private Tensor Keep(string name, Tensor value)
    {
        value.DetachFromDisposeScope();
        _known[_places[name]] = value;
        return value;
    }
}

using AuditKit.Models.Onnx;

namespace AuditKit.Training.Graphs;

/// <content>Nodes that training leaves as they are.</content>
public sealed partial class GraphModule
{
    /// <summary>
    /// Freezes nodes: while <see cref="Training"/> they run as in evaluation, and what they use is trained no more, by whichever node.
    /// </summary>
    /// <param name="nodes">Nodes of the graph.</param>
    public void Freeze(IReadOnlySet<Node> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        for (int i = 0; i < _steps.Count; i++)
        {
            _steps[i] = nodes.Contains(_steps[i].Node) ? _steps[i] with { IsFrozen = true } : _steps[i];
        }

        // Other nodes that update the same running statistics would change what the frozen ones compute.
        HashSet<int> held = [.. _steps.Where(step => step.IsFrozen).SelectMany(step => step.Inputs)];
        HashSet<int> statistics = [.. _buffers.Keys.Select(name => _places[name]).Where(held.Contains)];
        for (int i = 0; i < _steps.Count; i++)
        {
            _steps[i] = _steps[i].Inputs.Any(statistics.Contains) ? _steps[i] with { IsFrozen = true } : _steps[i];
        }

        HashSet<int> trained = [.. _steps.Where(step => !step.IsFrozen).SelectMany(step => step.Inputs)];
        trained.ExceptWith(held);
        foreach (string name in _parameters.Keys.Where(name => !trained.Contains(_places[name])).ToArray())
        {
            _parameters[name].requires_grad = false;
            _frozen.Add(name, _parameters[name]);
            _parameters.Remove(name);
        }

        foreach (string name in _buffers.Keys.Where(name => !trained.Contains(_places[name])).ToArray())
        {
            _frozen.Add(name, _buffers[name]);
            _buffers.Remove(name);
        }
    }
}

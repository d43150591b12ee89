using AuditKit.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Models;

/// <summary>
/// Tries ONNX Runtime, once a process, on convolutions whose results are known: an engine that is wrong on this processor is
/// found out before it measures anything.
/// </summary>
internal static class OnnxRuntimeTrial
{
    private static readonly Lazy<bool> s_isRight = new(() => PlainConvolution.Trials.All(IsRight));

    /// <summary>Refuses to go on with an engine that is wrong.</summary>
    /// <exception cref="AuditException">A convolution came out wrong.</exception>
    public static void Require()
    {
        if (!s_isRight.Value)
        {
            throw new AuditException(
                $"ONNX Runtime {OrtEnv.Instance().GetVersionString()} computes wrong convolutions on this processor, so nothing that it "
                    + "measures can be relied on. Use another machine.",
                ExitCode.Error);
        }
    }

    /// <summary>Whether ONNX Runtime computes one convolution as its definition has it.</summary>
    internal static bool IsRight(PlainConvolution trial)
    {
        var graph = new Graph("trial");
        graph.Input("x", 1, trial.Inputs, trial.Side, trial.Side);
        graph.Initializer("w", TensorValue.Of(trial.Weights, trial.Outputs, trial.Inputs / trial.Groups, trial.Kernel, trial.Kernel));
        graph.Add("Conv", ["x", "w"], "y", ("pads", new long[] { trial.Padding, trial.Padding, trial.Padding, trial.Padding }), ("group", (long)trial.Groups));
        graph.Output("y", 1, trial.Outputs, trial.OutputSide, trial.OutputSide);
        using InferenceSession session = OnnxRuntimeSession.Open(graph, threads: 1);
        using var run = new RunOptions();
        using OrtValue x = OrtValue.CreateTensorValueFromMemory(trial.Image, [1, trial.Inputs, trial.Side, trial.Side]);
        using IDisposableReadOnlyCollection<OrtValue> y = session.Run(run, ["x"], [x], ["y"]);
        return PlainConvolution.Agree(y[0].GetTensorDataAsSpan<float>(), trial.Forward());
    }
}

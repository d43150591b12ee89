using AuditKit.Models.Onnx;

namespace AuditKit.Cli.Tests;

/// <summary>Models that end the process which runs them (their shapes come out negative, or divide by nothing): here they end another one.</summary>
public sealed class FatalModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_model_that_is_tried_and_sound_is_used()
    {
        var graph = new Graph("sound");
        graph.Input("input", "N", 3, "height", "width");
        graph.Initializer("start", TensorValue.Of([0L], 1));
        graph.Initializer("end", TensorValue.Of([6L], 1));
        graph.Initializer("axis", TensorValue.Of([2L], 1));
        graph.Add("Slice", ["input", "start", "end", "axis"], "slice");
        graph.Output(graph.Add("Flatten", [graph.Add("GlobalAveragePool", ["slice"], "pool")], "flat"), "N", 3);
        OnnxFile.Write(graph, Path.Combine(_folder, "model.onnx"));
        (ExitCode exit, string output) = CommandLine.Run(_folder, "doctor", "model.onnx", "--input", "3,8,8");
        Assert.True(exit == ExitCode.Pass, output);
        (exit, output) = CommandLine.Run(_folder, "try-model", "model.onnx", "--input", "3,8,8", "--embedding", "pool");
        Assert.True(exit == ExitCode.Pass, output);
    }

    [Theory]
    [InlineData("Slice")]
    [InlineData("DepthToSpace")]
    public void A_model_that_no_process_survives_is_one_error(string type)
    {
        var graph = new Graph("fatal");
        string x = graph.Input("input", "N", 4, 8, 8);
        graph.Initializer("kernel", TensorValue.Of(new float[16], 4, 4, 1, 1));
        graph.Inputs[0] = graph.Inputs[0] with { Shape = ["N", 3, 8, 8] };
        graph.Initializers["kernel"] = TensorValue.Of(new float[12], 4, 3, 1, 1);
        x = graph.Add("Conv", [x, "kernel"], "conv");
        if (type == "Slice")
        {
            x = graph.Add("AveragePool", [x], "empty", ("kernel_shape", new long[] { 64, 2 }), ("strides", new long[] { 2, 2 }), ("count_include_pad", 1L));
            graph.Initializer("start", TensorValue.Of([0L], 1));
            graph.Initializer("end", TensorValue.Of([6L], 1));
            graph.Initializer("axis", TensorValue.Of([2L], 1));
            x = graph.Add("Slice", [x, "start", "end", "axis"], "slice");
        }
        else
        {
            x = graph.Add("DepthToSpace", [x], "space", ("blocksize", 1L << 40));
        }

        graph.Output(graph.Add("Flatten", [x], "flat"), "N", 4);
        OnnxFile.Write(graph, Path.Combine(_folder, "model.onnx"));
        (ExitCode exit, string output) = CommandLine.Run(_folder, "doctor", "model.onnx");
        Assert.True(exit == ExitCode.GateFailed, $"{(int)exit}: {output}");
        Assert.Contains("does not survive this model", output);
        Assert.DoesNotContain("   at ", output);
    }
}

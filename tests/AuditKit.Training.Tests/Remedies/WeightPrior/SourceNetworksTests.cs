using AuditKit.Models.Onnx;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies.WeightPrior;

namespace AuditKit.Training.Tests.Remedies.WeightPrior;

public sealed class SourceNetworksTests : IDisposable
{
    private readonly SourceFolder _sources = new();

    public void Dispose() => _sources.Dispose();

    [Fact]
    public void Kernels_are_the_slices_of_every_network_without_those_near_zero()
    {
        string layer = ConvolutionOf(SourceFolder.Network(1));
        float[] one = [.. SourceFolder.Network(1).Initializers[layer].As<float>()], other = [.. SourceFolder.Network(2).Initializers[layer].As<float>()];
        Assert.Equal([.. one, .. other], Kernels(layer, smallest: 0).Values);

        // The third kernel of the first network nearly vanishes.
        Graph thin = SourceFolder.Network(1);
        float[] faded = [.. one.Select((value, i) => i / 9 == 2 ? 1e-3f * value : value)];
        thin.Initializers[layer] = TensorValue.Of(faded, thin.Initializers[layer].Dimensions);
        OnnxFile.Write(thin, Path.Combine(_sources.Path, "seed-1", "model.onnx"));
        SourceKernels kept = Kernels(layer, smallest: 0.05);
        Assert.Equal([.. faded[..18], .. faded[27..], .. other], kept.Values);
        Assert.Equal((1, 2), (kept.Dropped, kept.Networks));
    }

    [Fact]
    public void A_folder_has_its_models_and_those_of_its_runs_but_nothing_that_was_made_of_them()
    {
        File.Copy(Path.Combine(_sources.Path, "seed-2", "model.onnx"), Path.Combine(_sources.Path, "another.onnx"));
        Directory.CreateDirectory(Path.Combine(_sources.Path, "deep-prior"));
        File.WriteAllText(Path.Combine(_sources.Path, "deep-prior", "x.onnx"), "");
        File.WriteAllText(Path.Combine(_sources.Path, "seed-1", "weight-samples.onnx"), "");
        Assert.Equal(
            ["another.onnx", Path.Combine("seed-1", "model.onnx"), Path.Combine("seed-2", "model.onnx")],
            NetworkFiles.Of([_sources.Path, Path.Combine(_sources.Path, "another.onnx")]).Select(file => Path.GetRelativePath(_sources.Path, file)));
    }

    [Fact]
    public void What_cannot_be_learnt_from_is_said()
    {
        Assert.Contains("there is no such file or folder", Refused(() => NetworkFiles.Of([Path.Combine(_sources.Path, "nowhere")])));
        Assert.Contains("the folder has no source network", Refused(() => NetworkFiles.Of([Path.Combine(_sources.Path, "seed-1", "..", "empty")])));
        Assert.Contains("has no convolution 'conv9.weight'", Refused(() => Kernels("conv9.weight", 0)));
        Assert.Contains("are 3×3, those of the trained network 5×5", Refused(() => Kernels(ConvolutionOf(SourceFolder.Network(1)), 0, 5)));
    }

    private static string ConvolutionOf(Graph graph) => graph.Initializers.First(each => each.Value.Dimensions.Length == 4).Key;

    private SourceKernels Kernels(string layer, double smallest, int side = 3)
        => SourceNetworks.Kernels(NetworkFiles.Of([_sources.Path]), layer, (side, side), smallest);

    private string Refused(Action action)
    {
        Directory.CreateDirectory(Path.Combine(_sources.Path, "empty"));
        return Assert.Throws<AuditException>(action).Message;
    }
}

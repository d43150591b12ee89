using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AuditKit.Models;
using AuditKit.Models.Onnx;
using AuditKit.Training.Graphs;
using AuditKit.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.WeightPrior;

/// <summary>What is learnt of the kernels of source networks, a layer at a time. An autoencoder is trained once and kept beside its sources.</summary>
internal sealed class LearntKernels : IDisposable
{
    private const string Folder = "deep-prior";
    private const string Knows = "auditkit.held-out";

    private readonly Dictionary<string, SourceKernels> _kernels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeepKernels> _deep = new(StringComparer.Ordinal);
    private readonly List<Tensor> _kept = [];
    private readonly TrainingTask _task;
    private readonly KernelSources _sources;
    private readonly Lazy<IReadOnlyList<string>> _files;

    /// <summary>Nothing is read before it is asked for.</summary>
    /// <param name="task">The network whose kernels are concerned.</param>
    /// <param name="sources">The source networks, and how autoencoders are trained.</param>
    public LearntKernels(TrainingTask task, KernelSources sources)
        => (_task, _sources, _files) = (task, sources, new(() => Distinct(NetworkFiles.Of(sources.Paths))));

    /// <summary>The layers that something was learnt for, with the kernels that it was learnt from.</summary>
    public IReadOnlyDictionary<string, SourceKernels> Kernels => _kernels;

    /// <summary>The layers that an autoencoder was learnt for.</summary>
    public IReadOnlyDictionary<string, DeepKernels> Deep => _deep;

    /// <summary>The source kernels of a layer.</summary>
    /// <exception cref="AuditException">There are no such networks, or one has no such layer, or too few kernels are left.</exception>
    public SourceKernels Of(LinearLayer layer)
    {
        const int Fewest = 10;
        if (!_kernels.TryGetValue(layer.Name, out SourceKernels? kernels))
        {
            kernels = SourceNetworks.Kernels(_files.Value, layer.Name, (layer.Weights.shape[2], layer.Weights.shape[3]), _sources.Smallest);
            _kernels[layer.Name] = kernels.Count >= Fewest ? kernels : throw new AuditException(
                $"{layer.Name}: {kernels} are too few to learn from. Name more source networks, or a lower method.smallest.");
        }

        return kernels;
    }

    // A network that is there twice would be judged by kernels that were learnt from.
    private static IReadOnlyList<string> Distinct(IReadOnlyList<string> files)
        => files.GroupBy(file => ModelDescription.Read(file).Sha256, file => file).FirstOrDefault(same => same.Skip(1).Any()) is { } copies
            ? throw new AuditException($"{string.Join(" and ", copies.Take(2))} are one network. Name it once under method.sources.")
            : files;

    /// <summary>Their normal distribution, on the network's device.</summary>
    /// <exception cref="AuditException">As for <see cref="Of"/>.</exception>
    public NormalKernels Normal(LinearLayer layer)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        var normal = NormalKernels.Of(Of(layer).ToTensor(), layer.Name);
        return new NormalKernels(Keep(normal.Mean), Keep(normal.Root), Keep(normal.InverseRoot));
    }

    /// <summary>Their autoencoder, frozen, on the network's device: read where one of the same kernels and settings was kept, else trained.</summary>
    /// <exception cref="AuditException">As for <see cref="Of"/>; training diverged, or the file cannot be written or used.</exception>
    public KernelVae Vae(LinearLayer layer)
    {
        if (_deep.TryGetValue(layer.Name, out DeepKernels? known))
        {
            return known.Vae;
        }

        SourceKernels kernels = Of(layer);
        string file = FileOf(kernels);
        if (!File.Exists(file))
        {
            (KernelVae trained, HeldOutKernels heldOut) = Train(kernels);
            using (trained)
            {
                Graph graph = trained.ToGraph();
                graph.Metadata["auditkit.kernels"] = $"{kernels.Layer}: {kernels}";
                graph.Metadata[Knows] = string.Create(CultureInfo.InvariantCulture, $"{heldOut.Count} {heldOut.Autoencoder:R} {heldOut.Normal:R}");
                OnnxFile.Write(graph, file);
            }
        }

        Graph kept = OnnxFile.Read(file);
        var vae = new KernelVae(kept, _task.Network.Device);
        foreach (TorchSharp.Modules.Parameter parameter in vae.Parameters)
        {
            parameter.requires_grad_(false);
        }

        _deep.Add(layer.Name, new DeepKernels(vae, file, kept.Sha256, Read(kept)));
        return vae;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeepKernels deep in _deep.Values)
        {
            deep.Vae.Dispose();
        }

        foreach (Tensor tensor in _kept)
        {
            tensor.Dispose();
        }
    }

    private Tensor Keep(Tensor tensor)
    {
        Tensor kept = tensor.to(_task.Network.Device).DetachFromDisposeScope();
        _kept.Add(kept);
        return kept;
    }

    private (KernelVae Vae, HeldOutKernels HeldOut) Train(SourceKernels kernels)
    {
        try
        {
            return KernelVaeTraining.Run(kernels, _sources.Vae, _task.Progress, _task.Cancellation);
        }
        catch (TrainingDivergedException e)
        {
            throw new TrainingDivergedException(e.Message) { Networks = _sources.Paths };
        }
    }

    // Its name says of which kernels it was made and how, so that a changed source or setting is another file.
    private string FileOf(SourceKernels kernels)
    {
        KernelVaeSettings vae = _sources.Vae;
        string made = string.Create(
            CultureInfo.InvariantCulture, $"3 {kernels.Sha256()} {vae.HiddenFor(kernels.Size)} {vae.CodeFor(kernels.Size)} {vae.Steps} {vae.Seed}");
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(made)))[..16];
        string layer = string.Concat(kernels.Layer.Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-'));
        string source = _sources.Paths[0];
        return Path.Combine(Directory.Exists(source) ? source : Path.GetDirectoryName(source)!, Folder, $"{layer}-{digest}.onnx");
    }

    private static HeldOutKernels Read(Graph graph)
        => graph.Metadata.GetValueOrDefault(Knows)?.Split(' ') is [var count, var autoencoder, var normal]
            && int.TryParse(count, CultureInfo.InvariantCulture, out int kernels)
            && double.TryParse(autoencoder, CultureInfo.InvariantCulture, out double bound)
            && double.TryParse(normal, CultureInfo.InvariantCulture, out double density)
            ? new HeldOutKernels(kernels, bound, density)
            : throw new AuditException($"{graph.Source}: this is no kernel autoencoder of AuditKit. Delete the file to train it again.", ExitCode.Error);
}

/// <summary>An autoencoder of a layer's kernels.</summary>
/// <param name="Vae">The autoencoder.</param>
/// <param name="File">Where it is kept.</param>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal.</param>
/// <param name="HeldOut">How well it knows kernels that it was not trained on.</param>
internal sealed record DeepKernels(KernelVae Vae, string File, string Sha256, HeldOutKernels HeldOut);

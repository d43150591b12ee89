using AuditKit.Imaging;
using AuditKit.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Loop;

/// <summary>Makes a method for a training task, once the network and the data are open.</summary>
/// <exception cref="AuditException">The network or the data lacks what the method needs.</exception>
public delegate TrainingMethod MethodFactory(TrainingTask task);

/// <summary>
/// What a training method brings to the loop: a loss, and where it needs them a way to draw images, further versions
/// of every image, networks of its own and a state. The loop knows methods by this alone.
/// </summary>
public abstract class TrainingMethod : IDisposable
{
    /// <summary>How images are drawn where the recipe does not say.</summary>
    public virtual Sampling Sampling => Sampling.Uniform;

    /// <summary>
    /// How often each training image is in the set that an epoch is drawn from, in the order of <see cref="TrainingTask.Images"/>: 0 leaves an
    /// image out. Null for every image once. Asked for at the start of every epoch, once a checkpoint has been read.
    /// </summary>
    /// <param name="images">The training images, with what is kept of the network's values for them.</param>
    public virtual IReadOnlyList<int>? Repeats(TrainingSet images) => null;

    /// <summary>
    /// Parameters of the method's own networks. The recipe's optimiser trains them, without weight decay; the model's file does not get them.
    /// </summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>
    /// Whether <see cref="Parameters"/> learn at the recipe's head-rate: true for networks of the method's own, which are as new as the head;
    /// false for what goes with the network's weights, such as their variances.
    /// </summary>
    public virtual bool LearnsAtHeadRate => false;

    /// <summary>Full paths of the networks that the method learns from, besides the one that is trained: ONNX files and folders of such.</summary>
    public virtual IReadOnlyList<string> Networks => [];

    /// <summary>What the method remembers from step to step, floats; checkpoints keep it.</summary>
    public virtual IReadOnlyList<Tensor> State => [];

    /// <summary>How many versions of an image a batch holds, the image itself being version 0.</summary>
    public virtual int Versions => 1;

    /// <summary>Whether the loss needs pixels, so that it cannot do with what is kept of a frozen part's values.</summary>
    public virtual bool NeedsPixels => Versions > 1;

    /// <summary>
    /// Makes one version of a training image. The loop then brings it to the network's input and augments all versions
    /// of an image alike. Called from several threads.
    /// </summary>
    /// <param name="version">From 1 to <see cref="Versions"/> − 1.</param>
    /// <param name="index">The image's index in the training data.</param>
    /// <param name="original">The image as the data has it.</param>
    /// <param name="random">The draws of this version of this image in this epoch.</param>
    /// <returns>An image of any size.</returns>
    public virtual Image Version(int version, int index, Image original, CounterRandom random) => original;

    /// <summary>Whether versions have the network's input size already, so that the loop does not scale or cut them as it does the data's images.</summary>
    public virtual bool VersionsFitInput => false;

    /// <summary>The loss that a step descends: the mean cross-entropy, unless the method has another.</summary>
    /// <param name="step">The batch, and the network in training mode.</param>
    /// <returns>A scalar with gradients.</returns>
    public virtual Tensor Loss(TrainingStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.CrossEntropy();
    }

    /// <summary>
    /// The first epoch, from 0, whose model may be kept. Of those before it none is, however well they validate: they are not yet what the
    /// method is to make of the network.
    /// </summary>
    /// <param name="epochs">The run's length in epochs.</param>
    public virtual int FirstKept(int epochs) => 0;

    /// <summary>
    /// Makes the network's parameters those of the model that is given out, where they differ from those that are trained. Called
    /// after every epoch; the loop validates and keeps what it finds then, and puts the trained ones back.
    /// </summary>
    public virtual void Release()
    {
    }

    /// <summary>The model that is written: the trained one, or what the method makes of it, such as one without the filters that it emptied.</summary>
    /// <param name="trained">The trained model, as its user has it.</param>
    public virtual Graph Export(Graph trained) => trained;

    /// <summary>Whether nothing comes of the method without an epoch: false where <see cref="Finish"/> fits something by itself.</summary>
    public virtual bool NeedsEpochs => true;

    /// <summary>
    /// What is done after the last epoch, when the network holds the kept epoch's weights and is in evaluation mode. What it
    /// changes in them goes into the model's file. After a kill it is done again.
    /// </summary>
    /// <param name="training">The images that are learnt from, with what is kept of a frozen part's values for them.</param>
    /// <returns>
    /// What the changed network is worth on the validation images, to choose settings by; null where nothing was changed. A method that fits the
    /// layer to these images judges it on those of them that it was not fitted to.
    /// </returns>
    public virtual ValidationScore? Finish(TrainingSet training) => null;

    /// <summary>
    /// Models that the method gives beside the trained one, such as an ensemble: written beside it and measured on the same test images. Asked
    /// for after training.
    /// </summary>
    public virtual IEnumerable<FurtherModel> FurtherModels() => [];

    /// <summary>What the model's card says of the method after training, as Markdown below its own heading; empty for nothing.</summary>
    /// <param name="folder">The folder of the card, for pictures beside it.</param>
    public virtual string Report(string folder) => "";

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the method's own networks.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

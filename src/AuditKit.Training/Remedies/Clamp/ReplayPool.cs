using static TorchSharp.torch;

namespace AuditKit.Training.Remedies.Clamp;

/// <summary>
/// Generated images of earlier steps, shown again so that a discriminator does not forget them (Shrivastava et al., Learning from simulated and
/// unsupervised images through adversarial training, CVPR 2017): a new image is stored and shown while there is room;
/// later every second one is, and the others change places with an old one, which is shown instead.
/// </summary>
/// <param name="capacity">Images kept.</param>
internal sealed class ReplayPool(int capacity) : IDisposable
{
    private readonly List<Tensor> _images = [];

    /// <summary>Images kept.</summary>
    public int Count => _images.Count;

    /// <summary>As many images to show as were made.</summary>
    /// <param name="made">n×C×H×W.</param>
    /// <param name="random">Draws which images change places.</param>
    /// <returns>n×C×H×W, without history.</returns>
    public Tensor Exchange(Tensor made, CounterRandom random)
    {
        var shown = new Tensor[made.shape[0]];
        List<Tensor> replaced = [];
        foreach ((int i, Tensor image) in made.detach().unbind().Index())
        {
            shown[i] = image;
            if (_images.Count < capacity)
            {
                _images.Add(image.clone().DetachFromDisposeScope());
            }
            else if (random.NextInt32(2) == 1)
            {
                int place = random.NextInt32(capacity);
                shown[i] = _images[place];
                replaced.Add(_images[place]);
                _images[place] = image.clone().DetachFromDisposeScope();
            }
        }

        Tensor all = stack(shown);
        replaced.ForEach(image => image.Dispose());
        return all;
    }

    /// <inheritdoc/>
    public void Dispose() => _images.ForEach(image => image.Dispose());
}

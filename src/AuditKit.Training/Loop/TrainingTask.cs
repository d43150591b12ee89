using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Models.Forms;
using AuditKit.Training.Graphs;

namespace AuditKit.Training.Loop;

/// <summary>The network and the training set that a method is made for.</summary>
/// <param name="Network">The network that is trained.</param>
/// <param name="Data">The training data, all of it.</param>
/// <param name="Images">Which of its images are learnt from, by index; the others are held out.</param>
/// <param name="Transform">From an image of the data to the network's input.</param>
/// <param name="Groups">The groups of the data's images; the classes alone where the data lacks the recipe's attribute.</param>
/// <param name="Recipe">How to train.</param>
/// <param name="Folder">Where the run keeps what it makes.</param>
/// <param name="Progress">Told what is being done, units done and units in all.</param>
/// <param name="Cancellation">Stops work that takes long.</param>
public sealed record TrainingTask(
    GraphModule Network,
    IDataset Data,
    IReadOnlyList<int> Images,
    InputTransform Transform,
    GroupTable Groups,
    Recipe Recipe,
    string Folder,
    Action<string, long, long> Progress,
    CancellationToken Cancellation)
{
    /// <summary>What is done to pixels before the network sees them.</summary>
    public required Normalisation Normalisation { get; init; }

    /// <summary>The images that are held out to select by.</summary>
    public required TrainingSet Validation { get; init; }

    /// <summary>The validation images' group that the recipe names as the hard one; null where it names none.</summary>
    public int? HardGroup => Recipe.Selection.HardGroup is { } name ? Validation.Group(name) : null;

    /// <summary>A set of the images that are learnt from, with nothing kept of the network's values for them yet.</summary>
    public TrainingSet ToTrainingSet() => new(Data, Transform, Images, Groups);

    /// <summary>The name of the value that an audit of the model takes as its embedding; null to look for the last dense layer's input.</summary>
    public string? Embedding { get; init; }

    /// <summary>SHA-256 over the files of the training and validation data, as the run's record has it.</summary>
    public string DataSha256 { get; init; } = "";

    /// <summary>How many images that are learnt from each group has.</summary>
    public IReadOnlyList<int> GroupCounts() => Groups.Counts(Images);

    /// <summary>Refuses data whose images' groups by the recipe's attribute are not known.</summary>
    /// <param name="who">What asks for them: a method's name, or a key of the recipe with its value.</param>
    /// <exception cref="AuditException">They are not.</exception>
    public void RequireGroups(string who)
    {
        if (Groups.Attribute is null && Recipe.GroupAttribute is { } attribute)
        {
            throw new AuditException($"{Recipe.Name}: {who} asks for the groups of the training images, and {Data.Name} has no attribute '{attribute}': "
                + "only the validation images have it. Name training data that has it, or choose what does without, such as jtt, afr or dfr.");
        }
    }

    /// <summary>The network seen as a classifier.</summary>
    /// <param name="embedding">The name of the embedding's value; null for the one that an audit takes.</param>
    /// <exception cref="AuditException">The network has no such value.</exception>
    public ClassifierGraph Classifier(string? embedding = null) => ClassifierGraph.Of(
        Network.Graph,
        new ClassifierOptions { Input = Transform.Input, Output = Network.Result, Activation = Activation.Logits, Embedding = embedding ?? Embedding });

    /// <summary>The network seen as a classifier whose embedding learns.</summary>
    /// <param name="embedding">The name of the embedding's value; null for the one that an audit takes.</param>
    /// <exception cref="AuditException">The network has no such value, or nothing that it is computed from is trained.</exception>
    public ClassifierGraph WithTrainedEmbedding(string? embedding)
    {
        ClassifierGraph classifier = WithEmbedding(embedding);
        HashSet<string> used = new ValueGivers(Network.Graph).UsedFor(classifier.Embedding!);
        return Network.Parameters.Keys.Any(used.Contains)
            ? classifier
            : throw new AuditException($"{Recipe.Name}: the method is to change the embedding '{classifier.Embedding}', and nothing before it is trained. "
                + "Train more of the network: model: { train: last-block }, or all.");
    }

    /// <summary>The network seen as a classifier that has an embedding.</summary>
    /// <param name="embedding">The name of the embedding's value; null for the one that an audit takes.</param>
    /// <exception cref="AuditException">The network has no such value, or none that could be the embedding.</exception>
    public ClassifierGraph WithEmbedding(string? embedding)
    {
        ClassifierGraph classifier = Classifier(embedding);
        return classifier.Embedding is null
            ? throw new AuditException($"{Recipe.Name}: the model has no fully connected layer whose input could be the "
                + "embedding. Say which value it is with method.embedding: NAME.")
            : classifier;
    }
}

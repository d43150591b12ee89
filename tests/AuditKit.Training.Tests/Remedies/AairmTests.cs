using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Yaml;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AuditKit.Training.Tests.Remedies;

public sealed class AairmTests
{
    private static readonly int[] _batch = [0, 1, 2, 4];

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(7)]
    public void Reversal_is_the_identity_to_the_last_bit_and_turns_gradients_round(double lambda)
    {
        using DisposeScope scope = NewDisposeScope();
        float[] values = new float[1000];
        CounterRandom.For(1, "reversal", 0).FillNormal(values, 0, 1);
        (values[0], values[1], values[2], values[3]) = (0, 1e-38f, 3e30f, -7e-12f);
        Tensor embedding = tensor(values);
        embedding.requires_grad = true;

        Tensor reversed = Aairm.Reverse(embedding, lambda);
        (reversed * arange(1000).to_type(ScalarType.Float32)).sum().backward();

        Assert.Equal(values, reversed.data<float>().ToArray());
        Assert.All(embedding.grad!.data<float>().ToArray().Index(), gradient => Assert.Equal(-lambda * gradient.Index, gradient.Item, 1e-6 * lambda * 1000));
    }

    [Fact]
    public void The_loss_is_the_sum_of_both_cross_entropies()
    {
        using TinyTask tiny = Tiny();
        using TrainingMethod aairm = tiny.Method("{ name: aairm }");
        float[][] layers = [.. aairm.Parameters.Select(parameter => parameter.data<float>().ToArray())];
        double expected = 0;
        foreach (int image in _batch)
        {
            double[] embedding = TinyTask.Embedding(tiny.Pixels(image));
            double[] hidden =
            [
                .. Enumerable.Range(0, 3).Select(i => Math.Max(0, layers[1][i] + Enumerable.Range(0, 3).Sum(j => layers[0][(i * 3) + j] * embedding[j]))),
            ];
            double[] guess = [.. Enumerable.Range(0, 2).Select(i => layers[3][i] + Enumerable.Range(0, 3).Sum(j => layers[2][(i * 3) + j] * hidden[j]))];
            expected -= Math.Log(TinyTask.Probabilities(TinyTask.Logits(tiny.Pixels(image)))[tiny.Groups.ClassOf(tiny.Groups[image])]) / _batch.Length;
            expected -= Math.Log(TinyTask.Probabilities(guess)[tiny.Groups.ValueOf(tiny.Groups[image])]) / _batch.Length;
        }

        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(expected, aairm.Loss(tiny.Step(_batch)).item<float>(), 1e-5);
    }

    [Fact]
    public void The_encoder_climbs_what_the_discriminator_descends()
    {
        const float Lambda = 0.7f;
        using TinyTask tiny = Tiny();
        using TrainingMethod aairm = tiny.Method($"{{ name: aairm, lambda: {Lambda} }}");
        Tensor Loss() => aairm.Loss(tiny.Step(_batch));
        Tensor Classification()
        {
            TrainingStep step = tiny.Step(_batch);
            return nn.functional.cross_entropy(step.Logits(step.Images()), step.Labels);
        }

        Parameter encoder = tiny.Network.Parameters["hidden.weight"];
        float[] ofClass = TinyTask.Differences(encoder, Classification);
        float[] ofAttribute = TinyTask.Differences(encoder, () => Loss() - Classification());
        Assert.Contains(ofAttribute, difference => Math.Abs(difference) > 0.01);
        TinyTask.AssertClose([.. ofClass.Zip(ofAttribute, (y, a) => y - (Lambda * a))], TinyTask.Gradient(encoder, Loss), 2e-4);

        // The head and the discriminator descend as ever.
        foreach (Parameter parameter in aairm.Parameters.Append(tiny.Network.Parameters["head.weight"]))
        {
            TinyTask.AssertClose(TinyTask.Differences(parameter, Loss), TinyTask.Gradient(parameter, Loss), 2e-4);
        }
    }

    [Theory]
    [InlineData("ramp: false", 0, 0.5)]
    [InlineData("ramp: false", 0.9, 0.5)]
    [InlineData("ramp: true", 0, 0)]
    [InlineData("ramp: true", 0.1, 0.5 * 0.46211715726)]
    [InlineData("ramp: true", 1, 0.5 * 0.99990920426)]
    public void Reversal_is_constant_or_ramps_up(string ramp, double progress, double lambda)
    {
        using TinyTask tiny = Tiny();
        using var aairm = (Aairm)tiny.Method($"{{ name: aairm, {ramp} }}");
        Assert.Equal(lambda, aairm.Lambda(progress), 1e-9);
    }

    /// <summary>Adam at 1e-5, L2 of 1.0, λ = 0.5: one step as the document has it, from a recipe. The discriminator does not decay.</summary>
    [Fact]
    public void A_recipe_can_ask_for_the_documents_setting()
    {
        using TinyTask tiny = Tiny();
        using TrainingMethod aairm = tiny.Method("{ name: aairm, lambda: 0.5 }");
        OptimiserSpec optimiser = OptimiserSpec.Key.Read(SpecMap.Parse("recipe.yaml", "optimiser: { name: adam, rate: 0.00001, weight-decay: 1.0 }"));
        Parameter encoder = tiny.Network.Parameters["hidden.weight"], discriminator = aairm.Parameters[0];
        float[][] before = [[.. encoder.data<float>()], [.. discriminator.data<float>()]];
        float[][] gradients = [[.. TinyTask.Gradient(encoder, Loss)], [.. discriminator.grad!.data<float>()]];
        using (OptimizerHelper adam = optimiser.Create([new([.. tiny.Network.Parameters.Values]), new(aairm.Parameters) { Decays = false }]))
        {
            adam.step();
        }

        // Adam's first step is the rate times the gradient's sign.
        Assert.All(encoder.data<float>().ToArray().Index(), each => Assert.Equal(
            before[0][each.Index] - (1e-5 * Math.Sign(gradients[0][each.Index] + before[0][each.Index])), each.Item, 1e-7));
        Assert.All(discriminator.data<float>().ToArray().Index(), each => Assert.Equal(
            before[1][each.Index] - (1e-5 * Math.Sign(gradients[1][each.Index])), each.Item, 1e-7));

        Tensor Loss() => aairm.Loss(tiny.Step(_batch));
    }

    [Fact]
    public void Any_value_of_the_network_that_learns_can_be_the_embedding()
    {
        using TinyTask tiny = Tiny();
        using TrainingMethod hidden = tiny.Method("{ name: aairm, embedding: hidden }");
        Assert.Equal([3L, 3L], hidden.Parameters[0].shape);
        Assert.Contains("`hidden`, 3 numbers", hidden.Report(""));
        Assert.Contains("nothing before it is trained", Refused(() => tiny.Method("{ name: aairm, embedding: pixels }")));
    }

    [Fact]
    public void What_cannot_be_hidden_is_said()
    {
        using TinyTask tiny = Tiny();
        Assert.Contains(
            "'embeding', which is to be the embedding. Did you mean 'embedding'?",
            Refused(() => tiny.Method("{ name: aairm, embedding: embeding }")));
        Assert.Contains("the attribute 'side' has only the value 'left' in the training images", Refused(() => tiny.Method("{ name: aairm }", images: [0, 2])));
        TrainingTask task = tiny.Task(method: "{ name: aairm }");
        Assert.Contains("group-attribute: NAME", Refused(() => task.Recipe.Method(task with { Groups = GroupTable.Of(task.Data, null) })));
    }

    [Fact]
    public void A_discriminator_that_is_not_fought_reads_the_attribute_and_one_that_is_fought_does_not()
    {
        Assert.InRange(AttributeLoss(lambda: 0), 0, 0.2);
        Assert.True(AttributeLoss(lambda: 2) > 0.45);
    }

    // Trains class and attribute, both of which the images tell, and asks how well the discriminator reads the latter.
    private static double AttributeLoss(double lambda)
    {
        using var tiny = new TinyTask([.. Enumerable.Range(0, 64).Select(i => (i % 2, i / 2 % 2 == 0 ? "left" : "right"))]);
        using TrainingMethod aairm = tiny.Method($"{{ name: aairm, lambda: {lambda} }}");
        using var optimiser = optim.Adam([.. tiny.Network.Parameters.Values, .. aairm.Parameters], 0.02);
        CounterRandom random = CounterRandom.For(3, "tests", 0);
        double loss = 0;
        for (int i = 0; i < 400; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            // Pixel 0 is the class, pixel 1 the attribute, the others are noise.
            int[] images = [.. Enumerable.Range(0, 32).Select(_ => random.NextInt32(64))];
            float[] pixels = [.. images.SelectMany(image => new[] { image % 2, image / 2 % 2, random.NextInt32(2), (float)random.NextDouble() })];
            TrainingStep step = tiny.Step(images, pixels: pixels);
            optimiser.zero_grad();
            Tensor total = aairm.Loss(step);
            total.backward();
            optimiser.step();
            loss = (total - nn.functional.cross_entropy(step.Logits(step.Images()), step.Labels)).item<float>();
        }

        return loss;
    }

    private static TinyTask Tiny() => new((0, "left"), (0, "right"), (1, "left"), (1, "right"), (1, "right"));

    private static string Refused(Func<object> action)
    {
        AuditException error = Assert.Throws<AuditException>(action);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        return error.Message;
    }
}

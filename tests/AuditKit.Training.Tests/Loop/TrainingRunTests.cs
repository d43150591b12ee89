using AuditKit.Imaging;
using AuditKit.Models.Architectures;
using AuditKit.Models.Onnx;
using AuditKit.Tests;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;

namespace AuditKit.Training.Tests.Loop;

public sealed class TrainingRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-run").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_attribute_is_needed_for_training_alone()
    {
        using var stripes = new StripesDataset(120, seed: 1);
        var list = new StringWriter();
        list.WriteLine("path,label,side");
        for (int i = 0; i < stripes.Count; i++)
        {
            string split = i < 90 ? "train" : $"test/{stripes.Classes[stripes.Label(i)]}";
            string file = Path.Combine(_folder, split, $"{i}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, Png.Encode(stripes.Load(i)));
            if (i < 90)
            {
                list.WriteLine($"{i}.png,{stripes.Label(i)},{stripes.Attribute("side", i)}");
            }
        }

        File.WriteAllText(Path.Combine(_folder, "train", "list.csv"), list.ToString());
        string recipe = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(recipe, """
            name: stripes
            model: { architecture: resnet8-cifar, mean: [0.4], std: [0.25] }
            data: { path: train, format: manifest, classes: [horizontal, vertical] }
            test: { path: test, format: folder }
            group-attribute: side
            seed: 1
            epochs: 1
            batch: 16
            optimiser: { name: adam, rate: 0.001 }
            method: { name: aairm }
            """);

        string run = Path.Combine(_folder, "run");
        (TrainingRecord record, _) = TrainingRun.Run(
            Recipe.Load(recipe, [], MethodCatalog.Key), run, default, threads: 1, (_, _, _) => { }, CancellationToken.None);

        Assert.Equal([("horizontal", 15), ("vertical", 15)], record.Groups.Select(group => (group.Name, group.Count)));
        Assert.Contains("## Test accuracy by class\n", ModelCard.ToMarkdown(record));
        Assert.Contains("The attribute 'side' (common, rare) was hidden", ModelCard.ToMarkdown(record));
        // Nothing of the method is left in the model.
        Graph trained = OnnxFile.Read(Path.Combine(run, "model.onnx"));
        Graph built = Architecture.Build("resnet8-cifar", new InputShape(1, 8, 8), 2, seed: 1);
        Assert.Equal(built.Initializers.Keys, trained.Initializers.Keys);
        Assert.Equal(built.Nodes.Count, trained.Nodes.Count);
    }

    // The papers' own setting: groups are known of few images, which choose.
    [Theory]
    [InlineData("{ name: erm }", "")]
    [InlineData("{ name: jtt }", "")]
    [InlineData("{ name: afr, gamma: 4, lambda: 0.1 }", "")]
    [InlineData("{ name: dfr }", "")]
    [InlineData("{ name: erm }", "sampling: group-balanced")]
    [InlineData("{ name: gdro }", "")]
    [InlineData("{ name: aairm }", "")]
    [InlineData("{ name: clamp }", "")]
    public void Groups_may_be_known_of_the_validation_images_alone(string method, string sampling)
    {
        using var stripes = new StripesDataset(240, seed: 1);
        Write("train", 0, 80, hasSide: false);
        Write("val", 80, 200, hasSide: true);
        Write("test", 200, 240, hasSide: true);
        string recipe = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(recipe, $$"""
            name: stripes
            model: { architecture: resnet8-cifar, mean: [0.4], std: [0.25] }
            data: { path: train, format: manifest, classes: [horizontal, vertical] }
            validation: { path: val }
            test: { path: test, format: manifest, classes: [horizontal, vertical] }
            group-attribute: side
            {{sampling}}
            seed: 1
            epochs: 1
            batch: 16
            optimiser: { name: adam, rate: 0.001 }
            method: {{method}}
            selection: { hard-group: class = vertical x side = rare }
            """);
        bool needsGroups = sampling.Length > 0 || ((string[])["gdro", "aairm", "clamp"]).Any(method.Contains);
        if (needsGroups)
        {
            AuditException error = Assert.Throws<AuditException>(() => Run(recipe));
            Assert.Contains("asks for the groups of the training images, and train has no attribute 'side'", error.Message);
            return;
        }

        TrainingRecord record = Run(recipe);

        Assert.Contains("The training data has no attribute 'side'", ModelCard.ToMarkdown(record));
        Assert.Equal(4, record.Groups.Count);

        void Write(string set, int from, int to, bool hasSide)
        {
            var list = new StringWriter();
            list.WriteLine(hasSide ? "path,label,side" : "path,label");
            Directory.CreateDirectory(Path.Combine(_folder, set));
            for (int i = from; i < to; i++)
            {
                File.WriteAllBytes(Path.Combine(_folder, set, $"{i}.png"), Png.Encode(stripes.Load(i)));
                list.WriteLine($"{i}.png,{stripes.Label(i)}{(hasSide ? $",{stripes.Attribute("side", i)}" : "")}");
            }

            File.WriteAllText(Path.Combine(_folder, set, "list.csv"), list.ToString());
        }
    }

    [Theory]
    [InlineData("validation: { path: nowhere }", "validation.path")]
    [InlineData("test: { path: nowhere }", "test: test.path")]
    public void An_error_that_has_a_place_begins_with_it(string line, string key)
    {
        string recipe = WriteStripes("lenet-5-caffe");
        File.WriteAllText(recipe, $"{(line.StartsWith("test", StringComparison.Ordinal) ? File.ReadAllText(recipe).Replace("test: { path: images }", "", StringComparison.Ordinal) : File.ReadAllText(recipe))}\n{line}\n");
        Assert.Matches($@"^{System.Text.RegularExpressions.Regex.Escape(recipe)}:\d+:\d+: {key}: ", Assert.Throws<AuditException>(() => Run(recipe)).Message);
    }

    [Theory]
    [InlineData("{ name: erm }", true)]
    [InlineData("{ name: adversarial, epsilon: 0.1, steps: 1 }", false)]
    [InlineData("{ name: stability, weight: 1, distortion: { gaussian: 0.1 } }", false)]
    public void What_a_frozen_part_gives_is_kept_where_the_loss_can_do_with_it(string method, bool isKept)
    {
        var recipe = Recipe.Load(
            WriteStripes("lenet-5-caffe"), [$"method={method}", "model.train=head", "augmentation={}", "optimiser.rate=0.01"], MethodCatalog.Key);
        HashSet<string> told = [];
        TrainingRun.Run(recipe, Path.Combine(_folder, "run"), default, threads: 1, (what, _, _) => told.Add(what), CancellationToken.None);
        Assert.Contains("embeddings of the validation images", told);
        Assert.Equal(isKept, told.Contains("embeddings of the training images"));
    }

    [Theory]
    [InlineData("[vertical, horizontal]")]
    [InlineData("[horizontal, vertical, none]")]
    public void Test_data_whose_classes_stand_elsewhere_is_refused(string classes)
    {
        var recipe = Recipe.Load(WriteStripes("lenet-5-caffe"), [$"test.classes={classes}"], MethodCatalog.Key);
        AuditException error = Assert.Throws<AuditException>(
            () => TrainingRun.Run(recipe, Path.Combine(_folder, "run"), default, threads: 1, (_, _, _) => { }, CancellationToken.None));
        Assert.Contains("They must be the same, in the same order", error.Message);
    }

    [Theory]
    [InlineData("validation: 0.25\nselection: { hard-group: class = vertical }", ": 48 images to learn from, 16 to select by", true)]
    [InlineData("validation: { path: images, limit: 40 }", ": 40 to select by", false)]
    [InlineData("validation: 0.1", ": 58 images to learn from, 6 to select by", false)]
    public void The_card_says_what_the_epoch_was_chosen_by(string validation, string images, bool hasHardGroup)
    {
        string recipe = WriteStripes("lenet-5-caffe");
        File.AppendAllText(recipe, $"\n{validation.Replace("images, limit", "other, limit", StringComparison.Ordinal)}\n");
        if (validation.Contains("path", StringComparison.Ordinal))
        {
            Copy(Path.Combine(_folder, "images"), Path.Combine(_folder, "other"));
        }

        (TrainingRecord record, _) = TrainingRun.Run(
            Recipe.Load(recipe, [], MethodCatalog.Key), Path.Combine(_folder, "run"), default, threads: 1, (_, _, _) => { }, CancellationToken.None);

        string card = ModelCard.ToMarkdown(record);
        Assert.Contains(images, record.TrainingData);
        Assert.Equal(hasHardGroup, card.Contains("hard group (class = vertical) ", StringComparison.Ordinal));
        Assert.Equal(hasHardGroup, record.Epochs[0].HardGroup is not null);
        Assert.Equal(record.Epochs, TrainingRecord.Read(Path.Combine(_folder, "run"))!.Epochs);
        Assert.True(record.Epochs[0].HardGroup is null || record.Epochs[0].HardGroup >= record.Epochs[0].WorstGroup);
    }

    [Fact]
    public void A_hard_group_that_is_not_there_is_named_before_training()
    {
        string recipe = WriteStripes("lenet-5-caffe");
        File.AppendAllText(recipe, "\nselection: { hard-group: class = vertcal }\n");
        AuditException error = Assert.Throws<AuditException>(() => TrainingRun.Run(
            Recipe.Load(recipe, [], MethodCatalog.Key), Path.Combine(_folder, "run"), default, threads: 1, (_, _, _) => { }, CancellationToken.None));
        Assert.Contains("Did you mean 'class = vertical'?", error.Message);
    }

    [Fact]
    public void A_run_is_done_by_its_record_and_model_whatever_its_card_says()
    {
        string file = WriteStripes("lenet-5-caffe");
        Recipe recipe = Recipe.Load(file, [], MethodCatalog.Key), other = Recipe.Load(file, ["seed=2"], MethodCatalog.Key);
        string run = Path.Combine(_folder, "run");
        TrainingRun.Run(recipe, run, default, threads: 1, (_, _, _) => { }, CancellationToken.None);

        Assert.True(TrainingRun.IsDone(recipe, run));
        Assert.False(TrainingRun.IsDone(other, run));

        // A run of an older AuditKit has a card that says all, and no record.
        string record = Path.Combine(run, TrainingRecord.FileName), kept = Path.Combine(_folder, "kept.json");
        File.Move(record, kept);
        Assert.False(TrainingRun.IsDone(recipe, run));
        File.Move(kept, record);
        File.WriteAllText(Path.Combine(run, ModelCard.FileName), "edited");
        Assert.True(TrainingRun.IsDone(recipe, run));

        // Nor is it done with other images, or stopped before its last epoch.
        string[] images = Directory.GetFiles(Path.Combine(_folder, "images"), "*.png", SearchOption.AllDirectories);
        byte[] before = File.ReadAllBytes(images[0]);
        File.Copy(images[1], images[0], overwrite: true);
        Assert.False(TrainingRun.IsDone(recipe, run));
        File.WriteAllBytes(images[0], before);
        Assert.True(TrainingRun.IsDone(recipe, run));
        var longer = Recipe.Load(file, ["epochs=2"], MethodCatalog.Key);
        TrainingRun.Run(longer, run, until: 1, kept: null, default, threads: 1, (_, _, _) => { }, CancellationToken.None);
        Assert.False(TrainingRun.IsDone(longer, run));
        TrainingRun.Run(longer, run, until: 2, kept: null, default, threads: 1, (_, _, _) => { }, CancellationToken.None);
        Assert.True(TrainingRun.IsDone(longer, run));

        OnnxFile.Write(Architecture.Build("lenet-5-caffe", new InputShape(1, 28, 28), 2, seed: 9), Path.Combine(run, TrainingRun.ModelFile));
        Assert.False(TrainingRun.IsDone(longer, run));
    }

    [Theory]
    [InlineData("model.path=start.onnx", "start.onnx")]
    [InlineData("model={ features: start.onnx, head: linear, mean: [0.4], std: [0.25], resize: 28 }", "start.onnx")]
    [InlineData("method={ name: variational, prior: standard-normal, start: kernels, sources: [sources] }", "sources/seed-1/model.onnx")]
    [InlineData("method={ name: variational, prior: standard-normal, start: kernels, sources: [sources] }", "sources/another.onnx")]
    public void A_run_from_other_networks_than_those_there_now_is_not_done(string set, string changed)
    {
        string file = WriteStripes("lenet-5-caffe"), run = Path.Combine(_folder, "run");
        OnnxFile.Write(Architecture.Build("lenet-5-caffe", new InputShape(1, 28, 28), 2, seed: 2), Path.Combine(_folder, "sources", "seed-1", "model.onnx"));
        var recipe = Recipe.Load(file, [set], MethodCatalog.Key);
        TrainingRun.Run(recipe, run, default, threads: 1, (_, _, _) => { }, CancellationToken.None);
        Assert.True(TrainingRun.IsDone(recipe, run));

        OnnxFile.Write(Architecture.Build("lenet-5-caffe", new InputShape(1, 28, 28), 2, seed: 3), Path.Combine(_folder, changed));
        Assert.False(TrainingRun.IsDone(recipe, run));

        // What is not there cannot be started from again, and a record that does not say is of an older AuditKit.
        File.Delete(Path.Combine(_folder, "start.onnx"));
        Directory.Delete(Path.Combine(_folder, "sources"), recursive: true);
        Assert.True(TrainingRun.IsDone(recipe, run));
        (TrainingRecord.Read(run)! with { StartedFrom = null }).Write(run);
        WriteStripes("lenet-5-caffe");
        Assert.True(TrainingRun.IsDone(recipe, run));
    }

    [Theory]
    [InlineData("resnet8-cifar", false)]
    [InlineData("lenet-5-caffe", true)]
    public void A_start_model_without_batch_norm_is_trained_without_and_the_card_says_so(string architecture, bool isSaid)
    {
        string recipe = WriteStripes(architecture);

        (TrainingRecord record, _) = TrainingRun.Run(
            Recipe.Load(recipe, [], MethodCatalog.Key), Path.Combine(_folder, "run"), default, threads: 1, (_, _, _) => { }, CancellationToken.None);

        Assert.Equal(isSaid, record.Notes.Any(note => note.Contains("batch norms that it may have had were fused", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("NHWC", "")]
    [InlineData("BGR bytes in NHWC with a mean", ", channels: bgr, range: bytes")]
    [InlineData("uint8", "")]
    [InlineData("float16 throughout", "")]
    [InlineData("ImageScaler in opset 7", ", range: bytes")]
    [InlineData("Softmax, Clip", "")]
    [InlineData("Custom Vision's label and map", "")]
    public void What_was_trained_takes_images_and_answers_as_the_start_model_did(string name, string keys)
    {
        string recipe = WriteStripes("lenet-5-caffe");
        ExportedForm form = ExportedForm.Inputs.Concat(ExportedForm.Outputs).Single(form => form.Name == name);
        OnnxFile.Write(form.Build(), Path.Combine(_folder, "start.onnx"));
        File.WriteAllText(recipe, OfFiveClasses(File.ReadAllText(recipe), keys));
        Graph start = OnnxFile.Read(Path.Combine(_folder, "start.onnx"));
        (TrainingRecord record, _) = TrainingRun.Run(
            Recipe.Load(recipe, [], MethodCatalog.Key), Path.Combine(_folder, "run"), default, threads: 1, (_, _, _) => { }, CancellationToken.None);
        Graph trained = OnnxFile.Read(Path.Combine(_folder, "run", "model.onnx"));

        Assert.Equal(start.Inputs.Select(input => $"{input}"), trained.Inputs.Select(input => $"{input}"));
        Assert.Equal(start.Outputs.Select(output => $"{output}"), trained.Outputs.Select(output => $"{output}"));
        Assert.Equal(start.Nodes.Select(node => $"{node}"), trained.Nodes.Select(node => $"{node}"));
        Assert.Equal(
            start.Initializers.Select(entry => (entry.Key, entry.Value.ToString())), trained.Initializers.Select(entry => (entry.Key, entry.Value.ToString())));
        Assert.All(["w", "fc.w", "fc.b"], weights => Assert.False(start.Initializers[weights].ContentEquals(trained.Initializers[weights])));
        Assert.All(
            start.Initializers.Keys.Except(["w", "fc.w", "fc.b"]), other => Assert.True(start.Initializers[other].ContentEquals(trained.Initializers[other])));
        Assert.InRange(record.Epochs.Single().Loss, 0.01, 50);
    }

    [Theory]
    [InlineData("BGR bytes in NHWC with a mean", ", channels: bgr, range: bytes")]
    [InlineData("Softmax, Clip", "")]
    public void An_ensemble_beside_the_model_is_measured_whatever_the_start_models_form(string name, string keys)
    {
        string recipe = WriteStripes("lenet-5-caffe");
        OnnxFile.Write(
            ExportedForm.Inputs.Concat(ExportedForm.Outputs).Single(form => form.Name == name).Build(), Path.Combine(_folder, "start.onnx"));
        // Weights that are nearly certain: the ensemble answers as the model does.
        File.WriteAllText(recipe, OfFiveClasses(File.ReadAllText(recipe), keys)
            + "\nmethod: { name: variational, prior: standard-normal, log-variance: -30, samples: 2 }\n");
        string run = Path.Combine(_folder, "run");
        (TrainingRecord record, _) = TrainingRun.Run(
            Recipe.Load(recipe, [], MethodCatalog.Key), run, default, threads: 1, (_, _, _) => { }, CancellationToken.None);

        FurtherScore samples = Assert.Single(record.FurtherModels);
        Assert.Equal(("2 weight samples", record.Right, 64), (samples.Name, samples.Right, samples.Count));
        Assert.Equal(samples, Assert.Single(TrainingRecord.Read(run)!.FurtherModels));
        Assert.Contains($"| 2 weight samples | `weight-samples.onnx` |", ModelCard.ToMarkdown(record));
        Assert.Equal(
            ["training/test accuracy", "training/test accuracy/2 weight samples"], record.Findings().Select(finding => finding.Id));
        Assert.True(TrainingRun.IsDone(Recipe.Load(recipe, [], MethodCatalog.Key), run));
        File.Delete(Path.Combine(run, "weight-samples.onnx"));
        Assert.False(TrainingRun.IsDone(Recipe.Load(recipe, [], MethodCatalog.Key), run));
    }

    [Theory]
    [InlineData(".", "", "what training starts from")]
    [InlineData("run", "data.classes=[horizontal, vertical, none] test.classes=[horizontal, vertical, none]", "the model has 2 classes")]
    [InlineData("run", "model.path=three.onnx", "the model has 3 classes, and")]
    [InlineData("run", "model.resize=20", "28")]
    [InlineData("run", "batch=128", "do not fill a batch")]
    [InlineData("images/horizontal/0.png", "", "cannot be written")]
    public void What_cannot_be_trained_is_said_before_training_and_the_start_model_stays(string run, string set, string message)
    {
        string recipe = WriteStripes("lenet-5-caffe"), start = Path.Combine(_folder, "start.onnx"), model = Path.Combine(_folder, "model.onnx");
        OnnxFile.Write(Architecture.Build("lenet-5-caffe", new InputShape(1, 28, 28), 3, seed: 1), Path.Combine(_folder, "three.onnx"));
        File.Move(start, model);
        byte[] before = File.ReadAllBytes(model);
        string[] overrides = [.. set.Split("] ").Select(part => part.Contains('[') && !part.EndsWith(']') ? part + "]" : part).Where(part => part.Length > 0)];
        var loaded = Recipe.Load(recipe, ["model.path=model.onnx", .. overrides], MethodCatalog.Key);

        List<string> told = [];
        AuditException error = Assert.Throws<AuditException>(() => TrainingRun.Run(
            loaded, Path.Combine(_folder, run), default, threads: 1, (what, _, _) => told.Add(what), CancellationToken.None));

        Assert.Contains(message, error.Message);
        Assert.DoesNotContain(told, what => what.StartsWith("epoch", StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(model));
    }

    [Fact]
    public void A_run_goes_on_after_its_name_its_test_data_or_a_comment_was_mended_and_says_when_it_does_not()
    {
        string file = WriteStripes("lenet-5-caffe"), run = Path.Combine(_folder, "run");
        Train("seed=1", until: 1);
        Assert.DoesNotContain("epoch 1 of 2", Train("name=other", until: 1));
        Assert.DoesNotContain("epoch 1 of 2", Train("test.limit=40", until: 1));
        IReadOnlyList<string> anew = Train("optimiser.rate=0.02", until: 1);
        Assert.Contains("epoch 1 of 2", anew);
        Assert.Contains(anew, what => what.StartsWith("the checkpoint here is of other settings", StringComparison.Ordinal));

        List<string> Train(string set, int until)
        {
            List<string> told = [];
            TrainingRun.Run(Recipe.Load(file, ["epochs=2", set], MethodCatalog.Key), run, until, kept: null, default, threads: 1,
                (what, _, _) => told.Add(what), CancellationToken.None);
            return told;
        }
    }

    [Fact]
    public void A_folder_of_the_users_that_is_called_embeddings_is_left_alone()
    {
        string file = WriteStripes("lenet-5-caffe"), own = Path.Combine(_folder, "run", "embeddings", "mine.bin");
        Directory.CreateDirectory(Path.GetDirectoryName(own)!);
        File.WriteAllText(own, "mine");
        TrainingRun.Run(Recipe.Load(file, ["model.train=head"], MethodCatalog.Key), Path.Combine(_folder, "run"), default, threads: 1, (_, _, _) => { },
            CancellationToken.None);
        Assert.Equal([own], Directory.GetFiles(Path.GetDirectoryName(own)!));
    }

    // The exported forms tell five classes apart.
    private static string OfFiveClasses(string recipe, string keys) => recipe.Replace(", resize: 28 }", $"{keys} }}", StringComparison.Ordinal)
        .Replace("path: images", "path: images, classes: [horizontal, vertical, third, fourth, fifth]", StringComparison.Ordinal);

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Images, a start model and a recipe that trains it for an epoch.</summary>
    /// <returns>The recipe's file.</returns>
    [Fact]
    public void Two_processes_do_not_train_in_one_folder()
    {
        Recipe recipe = Load(WriteStripes("lenet-5-caffe"));
        string run = Path.Combine(_folder, "run");
        using (FolderLock.Take(run, "training"))
        {
            Assert.Contains("Another process is at work in", Assert.Throws<AuditException>(() => Train(recipe, run)).Message);
        }

        Assert.False(File.Exists(Path.Combine(run, "model.onnx")));
        Train(recipe, run);
        using (FolderLock.Take(run, "table", isShared: true))
        using (FolderLock.Take(run, "table", isShared: true))
        {
            Assert.Throws<AuditException>(() => FolderLock.Take(run, "table"));
        }
    }

    /// <summary>Which images a recipe learns from may stand in another one, whose files stay what they are.</summary>
    [Theory]
    [InlineData("data: { path: images }", "data: { recipe: other.yaml, part: training }")]
    [InlineData("test: { path: images }", "test: { recipe: other.yaml, part: held-out }")]
    public void A_run_is_trained_again_where_the_recipe_that_its_images_come_by_has_changed(string own, string another)
    {
        string file = WriteStripes("lenet-5-caffe"), other = Path.Combine(_folder, "other.yaml"), run = Path.Combine(_folder, "run");
        File.WriteAllText(other, "data: { path: images }\nvalidation: 0.5\nseed: 1\n");
        File.WriteAllText(file, File.ReadAllText(file).Replace(own, another, StringComparison.Ordinal));
        Train(Load(file), run);
        Assert.NotNull(TrainingRun.Finished(Load(file), run));

        File.WriteAllText(other, "data: { path: images }\nvalidation: 0.5\nseed: 2\n");

        Assert.Null(TrainingRun.Finished(Load(file), run));
    }

    [Fact]
    public void An_unfinished_training_of_other_settings_is_put_aside_and_the_card_says_so()
    {
        string file = WriteStripes("lenet-5-caffe"), run = Path.Combine(_folder, "run");
        File.WriteAllText(file, File.ReadAllText(file).Replace("epochs: 1", "epochs: 2", StringComparison.Ordinal));
        using var kill = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => TrainingRun.Run(Load(file), run, default, threads: 1, (what, done, _) =>
        {
            if (what.StartsWith("epoch 2", StringComparison.Ordinal))
            {
                kill.Cancel();
            }
        }, kill.Token));
        byte[] unfinished = File.ReadAllBytes(Path.Combine(run, "checkpoint.bin"));
        File.WriteAllText(file, File.ReadAllText(file).Replace("batch: 16", "batch: 8", StringComparison.Ordinal));

        Train(Load(file), run);

        Assert.Equal(unfinished, File.ReadAllBytes(Path.Combine(run, "checkpoint.bin.old")));
        Assert.Contains("it is checkpoint.bin.old now, and this one began anew.", File.ReadAllText(Path.Combine(run, "card.md")));
    }

    /// <summary>Three recipes that take turns in a folder, none of them finished: each goes on from its own last epoch.</summary>
    [Fact]
    public void What_was_put_aside_is_gone_on_with_and_none_is_lost()
    {
        string file = WriteStripes("lenet-5-caffe"), run = Path.Combine(_folder, "run"), text = File.ReadAllText(file);
        List<int> begunAt = [];
        foreach (int batch in (int[])[16, 8, 4, 16, 8])
        {
            File.WriteAllText(file, text.Replace("batch: 16", $"batch: {batch}", StringComparison.Ordinal).Replace("epochs: 1", "epochs: 3", StringComparison.Ordinal));
            int first = 0;
            using var kill = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => TrainingRun.Run(Load(file), run, default, threads: 1, (what, done, _) =>
            {
                if (what.StartsWith("epoch ", StringComparison.Ordinal))
                {
                    int epoch = what[6] - '0';
                    first = first == 0 ? epoch : first;
                    if (epoch == first + 1)
                    {
                        kill.Cancel();
                    }
                }
            }, kill.Token));
            begunAt.Add(first);
        }

        Assert.Equal([1, 1, 1, 2, 2], begunAt);
        Assert.Equal(3, Directory.GetFiles(run, "checkpoint*").Length);

        // As a kill leaves it before the first epoch of another recipe has ended, or between two moves of files.
        string[] asides = Directory.GetFiles(run, "checkpoint.bin.old*");
        File.Delete(Path.Combine(run, "checkpoint.bin"));
        File.WriteAllText(file, text.Replace("batch: 16", "batch: 4", StringComparison.Ordinal).Replace("epochs: 1", "epochs: 3", StringComparison.Ordinal));
        HashSet<string> epochs = [];
        TrainingRun.Run(Load(file), run, default, threads: 1, (what, _, _) => epochs.Add(what), CancellationToken.None);
        Assert.DoesNotContain("epoch 1 of 3", epochs);
        Assert.Contains("epoch 2 of 3", epochs);
        Assert.Single(Directory.GetFiles(run, "checkpoint.bin.old*"));
        Assert.Equal(2, asides.Length);
        Assert.DoesNotContain("began anew", File.ReadAllText(Path.Combine(run, "card.md")));
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("card.md")]
    public void A_file_that_no_training_has_made_is_not_written_over(string name)
    {
        string file = WriteStripes("lenet-5-caffe"), run = Directory.CreateDirectory(Path.Combine(_folder, "run")).FullName, own = Path.Combine(run, name);
        File.WriteAllText(own, "mine");
        var error = Assert.Throws<AuditException>(() => Train(Load(file), run));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains($"{own} is of no finished training", error.Message);
        Assert.Equal("mine", File.ReadAllText(own));
    }

    /// <summary>A run without an epoch has no checkpoint, and its model is measured for as long as the test data is: a kill meanwhile leaves nothing in the way.</summary>
    [Fact]
    public void A_run_that_is_killed_while_its_model_is_measured_goes_on()
    {
        string file = WriteStripes("lenet-5-caffe"), run = Path.Combine(_folder, "run");
        Assert.Throws<OperationCanceledException>(() => TrainingRun.Run(Load(file), run, default, threads: 1, (what, _, _) =>
        {
            if (what.Contains("measuring", StringComparison.Ordinal))
            {
                throw new OperationCanceledException();
            }
        }, CancellationToken.None));
        Assert.False(File.Exists(Path.Combine(run, "model.onnx")));
        File.Delete(Path.Combine(run, "checkpoint.bin"));
        Train(Load(file), run);
        Assert.True(TrainingRun.IsDone(Load(file), run));
    }

    private static Recipe Load(string file) => Recipe.Load(file, [], MethodCatalog.Key);

    private static void Train(Recipe recipe, string run)
        => TrainingRun.Run(recipe, run, default, threads: 1, (_, _, _) => { }, CancellationToken.None);

    private TrainingRecord Run(string recipe) => TrainingRun.Run(
        Recipe.Load(recipe, [], MethodCatalog.Key), Path.Combine(_folder, "run"), default, threads: 1, (_, _, _) => { }, CancellationToken.None).Record;

    private string WriteStripes(string architecture)
    {
        using var stripes = new StripesDataset(64, seed: 1);
        for (int i = 0; i < stripes.Count; i++)
        {
            string file = Path.Combine(_folder, "images", stripes.Classes[stripes.Label(i)], $"{i}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, Png.Encode(stripes.Load(i)));
        }

        OnnxFile.Write(Architecture.Build(architecture, new InputShape(1, 28, 28), 2, seed: 1), Path.Combine(_folder, "start.onnx"));
        string recipe = Path.Combine(_folder, "recipe.yaml");
        File.WriteAllText(recipe, """
            name: stripes
            model: { path: start.onnx, mean: [0.4], std: [0.25], resize: 28 }
            data: { path: images }
            test: { path: images }
            seed: 1
            epochs: 1
            batch: 16
            optimiser: { name: sgd, rate: 0.01 }
            """);

        return recipe;
    }
}

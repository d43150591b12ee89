using System.Text.Json.Nodes;
using AuditKit.Training.Loop;

namespace AuditKit.Training.Tests.Loop;

public sealed class TrainingRecordTests : IDisposable
{
    private static readonly TrainingRecord _record = new()
    {
        Name = "Stripes",
        Recipe = "name: Stripes\nseed: 1\n",
        Architecture = null,
        Mean = [0.4],
        StandardDeviation = [0.25],
        Parameters = 77,
        Sha256 = new string('a', 64),
        Engine = "libtorch",
        TrainingData = "stripes: 90 images",
        Epochs = [new EpochRecord(1.0 / 3, 0.5, 0.25), new EpochRecord(0.125, 0.75, 0.5)],
        BestEpoch = 1,
        TestData = "stripes, test",
        TestAttribute = "side",
        Groups = [new GroupScore("horizontal, side left", 3, 4), new GroupScore("vertical, side left", 0, 0)],
        Notes = ["A note."],
        Method = "Said by the method.",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-record").FullName;

    private string File => Path.Combine(_folder, TrainingRecord.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_read()
    {
        _record.Write(_folder);

        TrainingRecord read = TrainingRecord.Read(_folder)!;

        Assert.Equivalent(_record, read, strict: true);
        Assert.Equal(1.0 / 3, read.Epochs[0].Loss);
        Assert.Equal([TrainingRecord.FileName], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_run_without_an_epoch_keeps_the_start_model()
    {
        TrainingRecord fitted = _record with { Epochs = [], BestEpoch = null };
        fitted.Write(_folder);
        Assert.Equivalent(fitted, TrainingRecord.Read(_folder), strict: true);

        string card = ModelCard.ToMarkdown(fitted);
        Assert.Contains("| Kept | the start model, without an epoch |\n", card);
        Assert.DoesNotContain("## Epochs", card);
    }

    [Fact]
    public void What_was_fitted_after_the_epochs_is_what_the_model_is_worth()
    {
        TrainingRecord fitted = _record with
        {
            Fitted = new ValidationScore(0.625, 0.375, 0.5),
            HardGroup = "side = left",
            StartedFrom = [new("../start.onnx", "ab")],
        };
        fitted.Write(_folder);
        TrainingRecord read = TrainingRecord.Read(_folder)!;
        Assert.Equivalent(fitted, read, strict: true);
        Assert.Equal(new ValidationScore(0.75, 0.5), _record.Validation);
        Assert.Equal(fitted.Fitted, read.Validation);
        Assert.Equal(fitted.Fitted, (fitted with { Epochs = [], BestEpoch = null }).Validation);
        Assert.Null((_record with { Epochs = [], BestEpoch = null }).Validation);

        string card = ModelCard.ToMarkdown(fitted);
        Assert.Contains("; after what was fitted then: validation accuracy 62.50 %, worst group 37.50 %, hard group (side = left) 50.00 % |\n", card);
        Assert.Contains("| Started from | `start.onnx`, SHA-256 `ab` |\n| Training data |", card);
    }

    [Fact]
    public void A_folder_without_a_record_has_no_finished_run() => Assert.Null(TrainingRecord.Read(_folder));

    [Theory]
    [InlineData("version", null, "no version")]
    [InlineData("version", "2", "of version 2, and this AuditKit reads version 1")]
    [InlineData("version", "1.5", "no version")]
    [InlineData("sha256", null, "sha256")]
    [InlineData("sha256", "\"abc\"", "sha256")]
    [InlineData("recipe", "null", "recipe")]
    [InlineData("epochs", "[]", "epoch 1 of 0")]
    [InlineData("bestEpoch", "-1", "epoch -1 of 2")]
    [InlineData("bestEpoch", "null", "none of its 2 epochs")]
    [InlineData("parameters", "-1", "parameters")]
    [InlineData("parameters", "1e400", "parameters")]
    [InlineData("groups", "[{ \"name\": \"a\", \"right\": 2, \"count\": 1 }]", "more right answers")]
    [InlineData("groups", "[{ \"name\": \"a\", \"right\": 2 }]", "count")]
    [InlineData("groups", "[null]", "groups")]
    [InlineData("unknown", "1", "unknown")]
    public void A_damaged_record_is_one_error_that_names_the_file(string member, string? value, string reason)
    {
        _record.Write(_folder);
        JsonObject json = JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsObject();
        json.Remove(member);
        if (value is not null)
        {
            json.Add(member, JsonNode.Parse(value));
        }

        System.IO.File.WriteAllText(File, json.ToJsonString());

        AssertRefused(reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{ \"version\": 1 }")]
    public void What_is_no_record_is_refused(string text)
    {
        System.IO.File.WriteAllText(File, text);
        AssertRefused("");
    }

    [Fact]
    public void A_record_cut_anywhere_is_refused()
    {
        _record.Write(_folder);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int length = 0; length < whole.Length - 1; length += 37)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            AssertRefused("");
        }
    }

    [Fact]
    public void The_card_shows_the_record()
        => Assert.Equal(
            """
            # Stripes

            | | |
            |---|---|
            | Test accuracy | 75.00 % (30.06 % to 95.44 %) on stripes, test, 4 images, measured with ONNX Runtime on the file beside this card |
            | Architecture | the start model's, 77 trained parameters |
            | Input | pixels / 255, mean 0.4, standard deviation 0.25 |
            | Training data | stripes: 90 images |
            | Trained with | libtorch |
            | Kept | epoch 2 of 2: validation accuracy 75.00 %, worst group 50.00 % |
            | SHA-256 | `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` |

            ## Test accuracy by class and side

            | group | right | of | accuracy (95 % Wilson interval) |
            |---|---:|---:|---|
            | horizontal, side left | 3 | 4 | 75.00 % (30.06 % to 95.44 %) |
            | vertical, side left | 0 | 0 | not measured (no images) |

            ## Notes

            - A note.

            ## Method

            Said by the method.

            ## Epochs

            | epoch | training loss | validation accuracy | worst group |
            |---:|---:|---:|---:|
            | 1 | 0.3333 | 50.00 % | 25.00 % |
            | 2 | 0.1250 | 75.00 % | 50.00 % |

            ## Recipe

            ```yaml
            name: Stripes
            seed: 1
            ```

            """, ModelCard.ToMarkdown(_record));

    private void AssertRefused(string reason)
    {
        AuditException error = Assert.Throws<AuditException>(() => TrainingRecord.Read(_folder));
        Assert.Equal(ExitCode.Error, error.ExitCode);
        Assert.StartsWith($"{File} cannot be used: ", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.EndsWith("Delete it to train again.", error.Message);
    }
}

using AuditKit.Results;
using AuditKit.Specs;
using AuditKit.Tests;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Training.Remediation;
using AuditKit.Yaml;

namespace AuditKit.Training.Tests.Remediation;

public sealed class ReproductionTests
{
    // Not every whole number is one of 64 bits with a fraction.
    [Theory]
    [InlineData("[9007199254740993]", null)]
    [InlineData("[9007199254740993, 9007199254740992]", null)]
    [InlineData("[1e3]", "whole numbers")]
    [InlineData("[-1]", "whole numbers")]
    [InlineData("[3, 3]", "none of them twice")]
    public void Seeds_are_whole_numbers_of_64_bits(string seeds, string? message)
    {
        var map = SpecMap.Parse("table.yaml", $"seeds: {seeds}");
        if (message is null)
        {
            Assert.Equal(seeds, $"[{string.Join(", ", SeedRuns.Parse(map, "seeds"))}]");
        }
        else
        {
            Assert.Contains(message, Assert.Throws<AuditException>(() => SeedRuns.Parse(map, "seeds")).Message);
        }
    }

    [Fact]
    public void A_table_has_means_deviations_and_published_figures()
    {
        MethodRow erm = new("ERM", [], [], new Dictionary<string, string> { ["worst group"] = "60" });
        MethodRow gdro = new("GDRO", [], [], new Dictionary<string, string>());
        var table = new Reproduction
        {
            Name = "T",
            RecipeFile = "r",
            AuditFile = "a",
            Seeds = [1, 2, 3],
            Figures = [("worst group", "x"), ("κ", "y")],
            Rows = [erm, gdro],
        };

        string text = ReproducedTable.ToMarkdown(table,
        [
            new(erm, table.Seeds, [Shares(0.5, 0.6, 0.7), [Condition(0.5), Condition(0.6), Condition(0.7)]]),
            new(gdro, table.Seeds, [Shares(0.8, 0.8, 0.8), [Condition(2), null, Condition(3)]]),
        ]);

        Assert.Equal(
            """
            # T

            Mean ± standard deviation over the seeds 1, 2, 3.

            | method | worst group | published | κ |
            |---|---:|---:|---:|
            | ERM | 60.0 ± 10.0 % | 60 | 0.6 ± 0.1 |
            | GDRO | 80.0 ± 0.0 % | – | not measured |

            ## Differences to ERM

            Mean over the seeds, each seed against the same seed, with its 95 % interval (Student's t); proportions in points. p by Holm over the rows.

            | method | worst group | κ |
            |---|---:|---:|
            | GDRO | 20.0 (−4.8 to 44.8), p = 0.0742 | not measured |

            """, text);

        static Finding[] Shares(params double[] values)
            => [.. values.Select(value => new Finding { Check = "subgroups", Metric = "accuracy", Estimate = value, Count = 100 })];
        static Finding Condition(double value) => new() { Check = "weights", Metric = "A", Estimate = value, IsProportion = false, Count = 1 };
    }

    [Fact]
    public void A_table_shows_the_settings_that_were_tried()
    {
        MethodRow frame = Row("frame", "{ method.weight: [0.1, 1, 10] }");
        var table = new Reproduction
        {
            Name = "T",
            RecipeFile = "r",
            AuditFile = "a",
            Seeds = [1],
            ChoosingSeeds = [8, 9],
            Figures = [("accuracy", "x")],
            Rows = [frame],
        };
        IReadOnlyList<TriedSetting> tried = SettingChoice.Of(
            frame, new ModelSelection(0.9), table.ChoosingSeeds,
            (setting, seed) => setting[0] == "method.weight=10" ? throw new TrainingDivergedException(double.NaN, 0, 3)
                : new ValidationScore(setting[0] == "method.weight=1" ? 0.95 : 0.99, seed == 8 ? 0.5 : setting[0] == "method.weight=1" ? 0.7 : 0.6));

        string text = ReproducedTable.ToMarkdown(table, [new(frame, table.Seeds, [[null]]) { Tried = tried }]);

        Assert.EndsWith(
            """
            ## Settings tried

            Chosen on validation images, by the rule that the recipe chooses epochs by; means over the seeds 8, 9. The one in bold was measured.

            | method | setting | validation accuracy | worst group |
            |---|---|---:|---:|
            | frame | method.weight=0.1 | 99.0 % | 55.0 % |
            | frame | **method.weight=1** | 95.0 % | 60.0 % |
            | frame | method.weight=10 | diverged | diverged |

            """, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Differences", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_are_as_good_leave_the_first()
    {
        MethodRow row = Row("row", "{ a: [1, 2, 3] }");
        Assert.Equal(
            [true, false, false], SettingChoice.Of(row, new ModelSelection(0.5), [1], (_, _) => new ValidationScore(0.8, 0.7)).Select(tried => tried.IsChosen));
        Assert.DoesNotContain(SettingChoice.Of(
            row, new ModelSelection(0.5), [1], (_, _) => throw new TrainingDivergedException(double.NaN, 0, 0)), tried => tried.IsChosen);
    }

    [Fact]
    public void A_grid_is_every_value_of_a_key_with_every_value_of_the_others()
    {
        MethodRow row = Row("AAIRM", "{ method.lambda: [0.1, 0.5], optimiser.weight-decay: [0, 1e-4] }");
        Assert.Equal(
            ["method.lambda=0.1 optimiser.weight-decay=0", "method.lambda=0.1 optimiser.weight-decay=1e-4",
                "method.lambda=0.5 optimiser.weight-decay=0", "method.lambda=0.5 optimiser.weight-decay=1e-4"],
            row.Settings.Select(setting => string.Join(' ', setting)));
        Assert.Equal(4, row.Settings.Select(row.Folder).Distinct().Count());
        Assert.Equal([], Assert.Single(MethodRow.Parse(SpecMap.Parse("t", "name: ERM")).Settings));
        Assert.Contains("would share a folder", Refused(() => Row("r", "{ a: [x*, x+] }")));
        Assert.Contains("no value for 'a'", Refused(() => Row("r", "{ a: [] }")));
    }

    [Theory]
    [InlineData("rows: [{ name: A b }, { name: a-B }]", "would share the folder a-b")]
    [InlineData("rows: []", "no rows")]
    [InlineData("rows: [{ name: ERM }]\nbaseline: EMR", "Did you mean 'ERM'?")]
    [InlineData("rows: [{ name: ERM }]\nchoosing-seeds: [1, 1]", "none of them twice")]
    public void A_table_that_cannot_be_made_is_refused(string rows, string message)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, $"name: T\nrecipe: r\naudit: a\nseeds: [1]\nfigures: {{ accuracy: x }}\n{rows}\n");
        Assert.Contains(message, Refused(() => Reproduction.Load(file)));
        File.Delete(file);
    }

    [Fact]
    public void A_variation_changes_the_recipe_of_every_row_or_its_audit_too()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, """
            name: T
            recipe: r
            audit: a
            seeds: [1]
            figures: { accuracy: x }
            baseline: L2
            variations:
              few: [per-class=5]
              all: { set: [data.split=train], audit-set: [data.split=test] }
            rows: [{ name: none, audit-set: [model.resize=8] }, { name: L2, set: [b=3], grid: { a: [1, 2] } }]
            """);
        var table = Reproduction.Load(file);
        File.Delete(file);

        Assert.Equal(["few: none", "few: L2", "all: none", "all: L2"], table.Rows.Select(row => row.Name));
        Assert.Equal(["per-class=5", "b=3"], table.Rows[1].Set);
        Assert.Equal(["data.split=test", "model.resize=8"], table.Rows[2].AuditSet);
        Assert.Equal(2, table.Rows[3].Settings.Count);
        Assert.Equal("L2", table.Baseline.Method);
    }

    private static MethodRow Row(string name, string grid) => MethodRow.Parse(SpecMap.Parse("t", $"name: {name}\ngrid: {grid}"));

    private static string Refused(Action action) => Assert.Throws<AuditException>(action).Message;

    [Fact]
    public void A_table_that_is_not_there_is_refused()
        => Assert.Contains("There is no table 'nowhere'", Assert.Throws<AuditException>(() => Reproduction.Load("nowhere")).Message);

    [Fact]
    public void Every_shipped_table_has_recipes_and_audits_that_can_be_read()
    {
        string[] tables =
        [
            .. Directory.GetFiles(Path.Combine(Repository.Root, Reproduction.Shipped), "*.yaml")
                .Where(file => File.ReadAllText(file).Contains("\nrows:", StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(tables);
        string model = Path.Combine(Repository.Root, "reference-models", "fashion-mnist-resnet8", "model.onnx");
        foreach (Reproduction table in tables.Select(Reproduction.Load))
        {
            foreach (MethodRow row in table.Rows)
            {
                Assert.All(row.Settings, setting => Assert.NotEmpty(Recipe.Load(table.RecipeFile, [.. row.Set, .. setting], MethodCatalog.Key).Name));
                Assert.NotEmpty(AuditSpec.Load(table.AuditFile, [.. row.AuditSet, $"model.path={model}"]).Checks);
                Assert.Subset(table.Figures.Select(figure => figure.Heading).ToHashSet(), row.Published.Keys.ToHashSet());
            }
        }
    }
}

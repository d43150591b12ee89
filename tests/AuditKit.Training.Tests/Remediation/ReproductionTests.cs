using AuditKit.Results;
using AuditKit.Specs;
using AuditKit.Tests;
using AuditKit.Training.Loop;
using AuditKit.Training.Remedies;
using AuditKit.Training.Remediation;

namespace AuditKit.Training.Tests.Remediation;

public sealed class ReproductionTests
{
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
            new(erm, [Shares(0.5, 0.6, 0.7), [Condition(0.5), Condition(0.6), Condition(0.7)]]),
            new(gdro, [Shares(0.8, 0.8, 0.8), [Condition(2), null, Condition(3)]]),
        ]);

        Assert.Equal(
            """
            # T

            Mean ± standard deviation over the seeds 1, 2, 3.

            | method | worst group | published | κ |
            |---|---:|---:|---:|
            | ERM | 60.0 ± 10.0 % | 60 | 0.6 ± 0.1 |
            | GDRO | 80.0 ± 0.0 % | – | not measured |

            """, text);

        static Finding[] Shares(params double[] values)
            => [.. values.Select(value => new Finding { Check = "subgroups", Metric = "accuracy", Estimate = value, Count = 100 })];
        static Finding Condition(double value) => new() { Check = "weights", Metric = "A", Estimate = value, IsProportion = false, Count = 1 };
    }

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
                Assert.NotEmpty(Recipe.Load(table.RecipeFile, row.Set, MethodCatalog.Key).Name);
                Assert.NotEmpty(AuditSpec.Load(table.AuditFile, [.. row.AuditSet, $"model.path={model}"]).Checks);
                Assert.Subset(table.Figures.Select(figure => figure.Heading).ToHashSet(), row.Published.Keys.ToHashSet());
            }
        }
    }
}

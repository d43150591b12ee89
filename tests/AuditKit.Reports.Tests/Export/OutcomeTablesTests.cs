using System.Globalization;
using AuditKit.Evidence;
using AuditKit.Reports.Export;
using CsvHelper;

namespace AuditKit.Reports.Tests.Export;

public class OutcomeTablesTests
{
    [Fact]
    public void Every_outcome_is_a_row_that_another_reader_gives_back()
    {
        string folder = Directory.CreateTempSubdirectory("auditkit-export-").FullName;
        try
        {
            using EvidenceStore store = EvidenceStore.Open(Path.Combine(folder, "evidence.sqlite"), "test");
            store.DescribeData(["a \"b\"", "c,d"], [new ImageRecord(0, 0, "x,y\n\"z\".png"), new ImageRecord(1, 1, "дом.png")]);
            store.Write(Condition.Clean, [new Prediction(0, 0, 0.1f), new Prediction(1, 0, 1 / 3f)]);
            store.Write(new Condition(ConditionKind.Perturbed, "", "jpeg-50"), [new Prediction(1, 1, 0.75f, 2.5f)]);
            store.Write(new Condition(ConditionKind.Attacked, "simba", "simba"), [new AttackOutcome(1, true, 3, 5, 0.25f, 0.2f, 0, 0.5f)]);
            EvidenceStore other = store.Of("other");
            other.DescribeData(store.Classes, [new ImageRecord(0, 1, "#0")]);
            other.Write(Condition.Clean, [new Prediction(0, 0, 0.5f)]);

            OutcomeTables.Save(store, folder);

            string[][] rows = Read(Path.Combine(folder, OutcomeTables.PredictionsFile));
            Assert.Equal(["data", "condition", "image", "source", "label", "predicted", "correct", "confidence", "distance"], rows[0]);
            Assert.Equal(["", "clean", "0", "x,y\n\"z\".png", "a \"b\"", "a \"b\"", "1", "0.1", ""], rows[1]);
            Assert.Equal(1 / 3f, float.Parse(rows[2][7], CultureInfo.InvariantCulture));
            Assert.Equal(["", "jpeg-50", "1", "дом.png", "c,d", "c,d", "1", "0.75", "2.5"], rows[3]);
            Assert.Equal(["other", "clean", "0", "#0", "c,d", "a \"b\"", "0", "0.5", ""], rows[4]);
            Assert.Equal(5, rows.Length);
            Assert.Equal(["simba", "1", "дом.png", "c,d", "a \"b\"", "1", "3", "5", "0.25", "0.2", "0.5"],
                Read(Path.Combine(folder, OutcomeTables.AttacksFile))[1]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[][] Read(string path)
    {
        using var reader = new CsvParser(new StreamReader(path), CultureInfo.InvariantCulture);
        var rows = new List<string[]>();
        while (reader.Read())
        {
            rows.Add(reader.Record!);
        }

        return [.. rows];
    }
}

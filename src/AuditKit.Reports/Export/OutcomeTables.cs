using System.Globalization;
using System.Text;
using AuditKit.Evidence;

namespace AuditKit.Reports.Export;

/// <summary>
/// The outcomes as two long tables for other programs (pandas, Parquet converters, spreadsheets): a row an image and
/// condition. The column <c>data</c> is empty for the audited data, and tells further sets apart. CSV as in RFC 4180,
/// UTF-8, shortest round-trip numbers, empty where there is none.
/// </summary>
public static class OutcomeTables
{
    /// <summary>The table of predictions.</summary>
    public const string PredictionsFile = "outcomes.csv";

    /// <summary>The table of attacks.</summary>
    public const string AttacksFile = "attacks.csv";

    /// <summary>Writes both, row by row as they are read: memory does not grow with the run.</summary>
    /// <returns>The files' paths.</returns>
    /// <exception cref="AuditException">The folder cannot be written, or the evidence is damaged.</exception>
    public static IReadOnlyList<string> Save(EvidenceStore evidence, string folder)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        (string predictions, string attacks) = (Path.Combine(folder, PredictionsFile), Path.Combine(folder, AttacksFile));
        Write(predictions, table =>
        {
            Row(table, "data", "condition", "image", "source", "label", "predicted", "correct", "confidence", "distance");
            Predictions(evidence, "", table);
            foreach (string data in evidence.FurtherData)
            {
                Predictions(evidence.Of(data), data, table);
            }
        });
        Write(attacks, table => Attacks(evidence, table));
        return [predictions, attacks];
    }

    private static void Write(string path, Action<StreamWriter> rows) => AtomicFile.Write(path, file =>
    {
        using var table = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        rows(table);
    });

    private static void Predictions(EvidenceStore evidence, string data, StreamWriter table)
    {
        ImageRecord[] images = [.. evidence.Images()];
        foreach (Condition condition in evidence.Conditions)
        {
            foreach (Prediction outcome in evidence.Predictions(condition))
            {
                ImageRecord image = images[outcome.Image];
                Row(table, data, Name(condition), $"{image.Index}", image.Source, evidence.Classes[image.Label], evidence.Classes[outcome.Predicted],
                    outcome.Predicted == image.Label ? "1" : "0", Number(outcome.Confidence), Number(outcome.Distance));
            }
        }
    }

    private static void Attacks(EvidenceStore evidence, StreamWriter table)
    {
        ImageRecord[] images = [.. evidence.Images()];
        Row(table, "attack", "image", "source", "label", "predicted", "succeeded", "iterations", "queries", "l2", "linf", "confidence");
        foreach (Condition attack in evidence.Conditions)
        {
            foreach (AttackOutcome outcome in evidence.AttackOutcomes(attack))
            {
                ImageRecord image = images[outcome.Image];
                Row(table, Name(attack), $"{image.Index}", image.Source, evidence.Classes[image.Label], evidence.Classes[outcome.Predicted],
                    outcome.Succeeded ? "1" : "0", $"{outcome.Iterations}", $"{outcome.Queries}", Number(outcome.L2), Number(outcome.LInf),
                        Number(outcome.Confidence));
            }
        }
    }

    private static string Name(Condition condition) => condition.Origin.Length == 0 ? condition.Name : $"baseline {condition.Origin[..16]}: {condition.Name}";

    private static string Number(float value) => float.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static void Row(StreamWriter table, params ReadOnlySpan<string> cells)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0)
            {
                table.Write(',');
            }

            table.Write(cells[i].AsSpan().IndexOfAny(",\"\r\n") < 0 ? cells[i] : $"\"{cells[i].Replace("\"", "\"\"")}\"");
        }

        table.WriteLine();
    }
}

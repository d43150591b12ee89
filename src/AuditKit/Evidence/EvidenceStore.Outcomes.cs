using AuditKit.Imaging;

namespace AuditKit.Evidence;

/// <content>What happened to images: predictions, outcomes of attacks, images kept to be shown.</content>
public sealed partial class EvidenceStore
{
    /// <summary>Which images already have a prediction under a condition (by index).</summary>
    public bool[] PredictedImages(Condition condition) => Measured("prediction", condition);

    /// <summary>Commits predictions under a condition in one transaction.</summary>
    public void Write(Condition condition, IReadOnlyList<Prediction> predictions) => WriteUnder(
        condition,
        "INSERT INTO prediction VALUES ($0, $1, $2, $3, $4) ON CONFLICT (condition, image) DO NOTHING",
        predictions,
        (outcome, values) =>
        {
            values.Bind(1, Described(outcome.Image));
            values.Bind(2, outcome.Predicted);
            values.Bind(3, outcome.Confidence);
            values.Bind(4, outcome.Distance);
        });

    /// <summary>Predictions under a condition, in image order.</summary>
    public IEnumerable<Prediction> Predictions(Condition condition) => _database.Query(
        """
        SELECT image, predicted, confidence, distance FROM prediction
        WHERE condition = $0 ORDER BY image
        """,
        row => new Prediction(
            row.GetInt32(0), row.GetInt32(1), row.GetFloat(2), row.IsNull(3) ? float.NaN : row.GetFloat(3)),
        ConditionId(condition));

    /// <summary>Which images already have an outcome of an attack (by index).</summary>
    public bool[] AttackedImages(Condition attack) => Measured("attack_outcome", attack);

    /// <summary>Commits outcomes of an attack in one transaction.</summary>
    public void Write(Condition attack, IReadOnlyList<AttackOutcome> outcomes) => WriteUnder(
        attack,
        "INSERT INTO attack_outcome VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (condition, image) DO NOTHING",
        outcomes,
        (outcome, values) =>
        {
            values.Bind(1, Described(outcome.Image));
            values.Bind(2, outcome.Succeeded ? 1 : 0);
            values.Bind(3, outcome.Iterations);
            values.Bind(4, outcome.Queries);
            values.Bind(5, outcome.L2);
            values.Bind(6, outcome.LInf);
            values.Bind(7, outcome.Predicted);
            values.Bind(8, outcome.Confidence);
        });

    /// <summary>Outcomes of an attack, in image order.</summary>
    public IEnumerable<AttackOutcome> AttackOutcomes(Condition attack) => _database.Query(
        """
        SELECT image, succeeded, iterations, queries, l2, linf, predicted, confidence FROM attack_outcome
        WHERE condition = $0 ORDER BY image
        """,
        row => new AttackOutcome(
            row.GetInt32(0), row.GetBoolean(1), row.GetInt32(2), row.GetInt32(3),
            row.GetFloat(4), row.GetFloat(5), row.GetInt32(6), row.GetFloat(7)),
        ConditionId(attack));

    /// <summary>Keeps an image to be shown in the report, once for each condition, image index and label.</summary>
    public void WriteExample(Condition condition, int image, string label, Image pixels) => WriteUnder(
        condition,
        """
        INSERT INTO example (condition, image, label, width, height, channels, samples)
        VALUES ($0, $1, $2, $3, $4, $5, $6) ON CONFLICT (condition, image, label) DO NOTHING
        """,
        [pixels],
        (example, values) =>
        {
            values.Bind(1, Described(image));
            values.Bind(2, label);
            values.Bind(3, example.Width);
            values.Bind(4, example.Height);
            values.Bind(5, example.Channels);
            values.Bind(6, example.Samples);
        });

    /// <summary>Takes the images kept under a condition away.</summary>
    public void DeleteExamples(Condition condition) => _database.Execute("DELETE FROM example WHERE condition = $0", ConditionId(condition));

    /// <summary>The images kept under a condition: by image index, then in the order written.</summary>
    public IEnumerable<(int Image, string Label, Image Pixels)> Examples(Condition condition) => _database.Query(
        """
        SELECT image, label, width, height, channels, samples FROM example
        WHERE condition = $0 ORDER BY image, id
        """,
        row => (row.GetInt32(0), row.GetString(1),
            new Image(row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetBytes(5).ToArray())),
        ConditionId(condition));
}

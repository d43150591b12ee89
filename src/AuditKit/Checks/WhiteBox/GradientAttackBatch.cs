using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Statistics;

namespace AuditKit.Checks.WhiteBox;

/// <summary>
/// Runs the attacks on many images through one model with its batch kept full: an image that falls leaves at once, and
/// the next waiting one takes its place.
/// </summary>
/// <param name="gradients">The model that the attacks follow.</param>
/// <param name="classifier">The model under audit: an image has fallen when this one misclassifies it.</param>
internal sealed class GradientAttackBatch(IGradientModel gradients, IClassifier classifier)
{
    private readonly int _length = gradients.Input.Length;
    private readonly int _classes = gradients.Classes;
    private readonly float[] _pixels = new float[gradients.PreferredBatch * gradients.Input.Length];
    private readonly float[] _gradient = new float[gradients.PreferredBatch * gradients.Input.Length];
    private readonly float[] _logits = new float[gradients.PreferredBatch * gradients.Classes];
    private readonly double[] _row = new double[gradients.Classes];
    private readonly float[] _auditedLogits = new float[gradients.Classes];
    private readonly List<AttackSequence> _attacks = [];

    /// <summary>Brings the next waiting image and writes its first point into a slot of C×H×W pixels; null when none is waiting.</summary>
    public delegate AttackSequence? Admission(Span<float> slot);

    /// <summary>Takes the outcome of an image whose attacks have ended, and the point that they arrived at.</summary>
    public delegate void Completion(AttackOutcome outcome, ReadOnlySpan<float> pixels);

    /// <summary>Attacks until no image is waiting and none is left in the batch.</summary>
    /// <param name="admit">Brings the next image.</param>
    /// <param name="complete">Is told of every image that is done, in the order in which they end.</param>
    /// <param name="cancellation">Stops between two runs of the model; unfinished attacks are forgotten.</param>
    public void Run(Admission admit, Completion complete, CancellationToken cancellation)
    {
        while (Fill(admit))
        {
            cancellation.ThrowIfCancellationRequested();
            int n = _attacks.Count;
            gradients.Backward(
                _pixels.AsSpan(0, n * _length), n, _logits.AsSpan(0, n * _classes), LossGradients, _gradient.AsSpan(0, n * _length));

            // Backwards: an image that is finished is replaced by the last one, which has been processed already.
            for (int i = n - 1; i >= 0; i--)
            {
                if (Turn(i) is { } outcome)
                {
                    complete(outcome, Slot(i));
                    Slot(_attacks.Count - 1).CopyTo(Slot(i));
                    _attacks[i] = _attacks[^1];
                    _attacks.RemoveAt(_attacks.Count - 1);
                }
            }
        }
    }

    private bool Fill(Admission admit)
    {
        while (_attacks.Count < gradients.PreferredBatch && admit(Slot(_attacks.Count)) is { } attack)
        {
            _attacks.Add(attack);
        }

        return _attacks.Count > 0;
    }

    private AttackOutcome? Turn(int i)
    {
        AttackSequence attack = _attacks[i];
        ReadOnlySpan<float> logits = _logits.AsSpan(i * _classes, _classes);
        if (Softmax.Predict(logits) != attack.Label && OutcomeAt(attack, Slot(i)) is { Succeeded: true } fallen)
        {
            return fallen;
        }

        double loss = attack.Attack.Loss.Value(logits, attack.Label);
        return attack.Advance(Slot(i), loss, _gradient.AsSpan(i * _length, _length)) ? null : OutcomeAt(attack, Slot(i));
    }

    /// <summary>
    /// Each image's gradient by its own attack's loss, scaled to a largest part of 1: attacks use its direction alone,
    /// and unscaled it could be lost between the layers where the model is very sure.
    /// </summary>
    private void LossGradients(ReadOnlySpan<float> logits, Span<float> gradient)
    {
        for (int i = 0; i < _attacks.Count; i++)
        {
            _attacks[i].Attack.Loss.Gradient(logits.Slice(i * _classes, _classes), _attacks[i].Label, _row);
            double largest = _row.Max(Math.Abs);
            for (int k = 0; k < _classes; k++)
            {
                gradient[(i * _classes) + k] = largest > 0 ? (float)(_row[k] / largest) : 0;
            }
        }
    }

    /// <summary>What the audited model says of the point: two engines may differ in the last digits.</summary>
    private AttackOutcome OutcomeAt(AttackSequence attack, ReadOnlySpan<float> x)
    {
        classifier.Run(x, 1, _auditedLogits, []);
        int predicted = Softmax.Predict(_auditedLogits);
        double largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)x[i] - attack.Original[i]));
        }

        return new AttackOutcome(
            attack.Image,
            Succeeded: predicted != attack.Label,
            Iterations: attack.Evaluations,
            Queries: attack.Evaluations,
            L2: Embedding.Distance(x, attack.Original),
            LInf: (float)largest,
            predicted,
            (float)Softmax.Probability(_auditedLogits, predicted));
    }

    private Span<float> Slot(int i) => _pixels.AsSpan(i * _length, _length);
}

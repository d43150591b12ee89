using AuditKit.Models;

namespace AuditKit.Checks.SimBa;

/// <summary>
/// Runs many attacks on one model with its batch kept full: every attack owns a slot of the batch, one that ends
/// leaves at once, and the next waiting image takes its slot. A step changes one pixel of a slot in place, so
/// between two runs of the model hardly anything is computed or copied.
/// </summary>
internal static class AttackBatch
{
    /// <summary>Writes the next waiting image into a slot of C×H×W pixels; null when none is waiting.</summary>
    public delegate SimBaAttack? Admission(Span<float> slot);

    /// <summary>Takes the outcome of an attack that has ended, and the C×H×W pixels that it arrived at.</summary>
    public delegate void Completion(SimBaAttack attack, ReadOnlySpan<float> pixels);

    /// <summary>Attacks until no image is waiting and none is left in the batch.</summary>
    /// <param name="model">The model under attack.</param>
    /// <param name="admit">Brings the next image.</param>
    /// <param name="complete">Is told of every attack that ended, in the order in which they end.</param>
    /// <param name="source">Where an image comes from, by its index, for messages.</param>
    /// <param name="cancellation">Stops between two runs of the model; unfinished attacks are forgotten.</param>
    public static void Run(IClassifier model, Admission admit, Completion complete, Func<int, string> source, CancellationToken cancellation)
    {
        int length = model.Input.Length;
        float[] pixels = new float[model.PreferredBatch * length];
        float[] logits = new float[model.PreferredBatch * model.Classes];
        var attacks = new List<SimBaAttack>(model.PreferredBatch);
        while (Fill())
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                model.Run(pixels.AsSpan(0, attacks.Count * length), attacks.Count, logits.AsSpan(0, attacks.Count * model.Classes), []);
            }
            catch (NotFiniteException e)
            {
                throw NotFiniteException.Of([.. e.Images.Select(i => source(attacks[i].Image))], attacks.Count, SimBaCheck.Key);
            }

            // Backwards: an attack that is finished is replaced by the last one, which has been processed already.
            for (int i = attacks.Count - 1; i >= 0; i--)
            {
                if (!attacks[i].Advance(Slot(i), logits.AsSpan(i * model.Classes, model.Classes)))
                {
                    complete(attacks[i], Slot(i));
                    Slot(attacks.Count - 1).CopyTo(Slot(i));
                    attacks[i] = attacks[^1];
                    attacks.RemoveAt(attacks.Count - 1);
                }
            }
        }

        Span<float> Slot(int i) => pixels.AsSpan(i * length, length);

        bool Fill()
        {
            while (attacks.Count < model.PreferredBatch && admit(Slot(attacks.Count)) is { } attack)
            {
                attacks.Add(attack);
            }

            return attacks.Count > 0;
        }
    }
}

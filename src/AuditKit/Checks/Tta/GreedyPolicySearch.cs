using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AuditKit.Statistics;

namespace AuditKit.Checks.Tta;

/// <summary>
/// The greedy step of GPS (Molchanov et al., Greedy Policy Search, UAI 2020): of all candidates, the one that makes the
/// average of the predictions chosen so far and its own best is added, with replacement, again and again.
/// </summary>
/// <remarks>
/// Predictions are kept in blocks of eight units, class by class, so that a vector holds one class of eight units; sums
/// of likelihoods and of their derivatives are in double precision. Candidates are scored in parallel, each by itself,
/// and of equal ones the first is taken: the result does not depend on the number of threads.
/// </remarks>
public sealed class GreedyPolicySearch
{
    private const int Lanes = 8;

    /// <summary>Stands for a sum of probabilities that is 0 in single precision.</summary>
    private const float Tiny = 1e-30f;

    private readonly int _classes;
    private readonly int _units;
    private readonly int[] _labels;
    private readonly List<float[]> _candidates = [];

    /// <summary>A search without candidates yet.</summary>
    /// <param name="classes">Number of classes K.</param>
    /// <param name="labels">n labels in 0 .. K − 1.</param>
    public GreedyPolicySearch(int classes, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfZero(labels.Count);
        (_classes, _units) = (classes, labels.Count);
        _labels = new int[(labels.Count + Lanes - 1) / Lanes * Lanes];
        // The last block is padded with units that have no label.
        Array.Fill(_labels, -1);
        for (int i = 0; i < labels.Count; i++)
        {
            _labels[i] = labels[i];
        }
    }

    /// <summary>Adds a candidate's predictions.</summary>
    /// <param name="probabilities">n×K probabilities, unit by unit.</param>
    public void Add(ReadOnlySpan<float> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(probabilities.Length, _units * _classes);
        float[] blocks = new float[_labels.Length * _classes];
        Array.Fill(blocks, 1f / _classes);
        for (int i = 0; i < _units; i++)
        {
            for (int k = 0; k < _classes; k++)
            {
                blocks[(((i / Lanes * _classes) + k) * Lanes) + (i % Lanes)] = probabilities[(i * _classes) + k];
            }
        }

        _candidates.Add(blocks);
    }

    /// <summary>Chooses candidates, one after the other.</summary>
    /// <param name="length">How many.</param>
    /// <param name="criterion">What is to be large.</param>
    /// <param name="threads">Threads that score candidates, at least 1.</param>
    /// <param name="chosen">Told after every choice.</param>
    /// <param name="cancellation">Stops between two candidates.</param>
    public IReadOnlyList<PolicyChoice> Run(
        int length, PolicyCriterion criterion, int threads, Action<PolicyChoice> chosen, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        float[] sum = new float[_labels.Length * _classes];
        var choices = new List<PolicyChoice>();
        double[] scores = new double[_candidates.Count];
        double[] inverse = new double[_candidates.Count];
        double warm = 1;
        while (choices.Count < length)
        {
            cancellation.ThrowIfCancellationRequested();
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
            Parallel.For(0, _candidates.Count, parallel, () => new float[sum.Length + _labels.Length], (candidate, _, scratch) =>
            {
                (scores[candidate], inverse[candidate]) = Score(criterion, sum, _candidates[candidate], warm, scratch);
                return scratch;
            }, _ => { });
            int best = 0;
            for (int candidate = 1; candidate < scores.Length; candidate++)
            {
                best = scores[candidate] > scores[best] ? candidate : best;
            }

            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += _candidates[best][i];
            }

            // The next average hardly differs: its temperature is found in one or two steps from this one.
            warm = inverse[best];
            choices.Add(new PolicyChoice(best, scores[best]));
            chosen(choices[^1]);
        }

        return choices;
    }

    /// <summary>What a search would say of one candidate alone: what its choices' scores are to be held against.</summary>
    /// <param name="candidate">The candidate's number, in the order in which they were added.</param>
    /// <param name="criterion">What is to be large.</param>
    public double Score(int candidate, PolicyCriterion criterion)
    {
        float[] nothing = new float[_labels.Length * _classes];
        return Score(criterion, nothing, _candidates[candidate], warm: 1, new float[nothing.Length + _labels.Length]).Value;
    }

    private (double Value, double InverseTemperature) Score(PolicyCriterion criterion, float[] sum, float[] added, double warm, float[] scratch)
        => criterion == PolicyCriterion.Accuracy ? (Accuracy(sum, added), warm) : CalibratedLogLikelihood(sum, added, warm, scratch);

    /// <summary>
    /// The largest mean log-likelihood over all temperatures T of softmax(log p̄ / T), p̄ ∝ sum + added, and its 1/T. One
    /// temperature is fitted to all units and judged on them: what one number can gain by that is about 1/(2n), the same
    /// for every candidate.
    /// </summary>
    private (double LogLikelihood, double InverseTemperature) CalibratedLogLikelihood(float[] sum, float[] added, double warm, float[] scratch)
    {
        Span<float> logs = scratch.AsSpan(0, sum.Length);
        Span<float> ofLabel = scratch.AsSpan(sum.Length);
        Logarithms(sum, added, logs, ofLabel);
        (double low, double high) = (1 / Temperature.Largest, 1 / Temperature.Least);
        double beta = warm;
        while (true)
        {
            (double likelihood, double slope, double curvature) = Derivatives(logs, ofLabel, beta);
            (low, high) = slope > 0 ? (beta, high) : (low, beta);
            double step = curvature > 0 ? slope / curvature : 0;
            double next = beta + step;
            // Without curvature every unit is sure, at this β: the step says nothing then, and the slope which half of the bracket to try.
            if ((Math.Abs(step) <= 1e-3 * beta && (curvature > 0 || slope == 0)) || high - low <= 1e-3 * low)
            {
                // So near the maximum the likelihood is a parabola.
                return ((likelihood + (0.5 * slope * step)) / _units, Math.Clamp(next, 1 / Temperature.Largest, 1 / Temperature.Least));
            }

            beta = next > low && next < high ? next : Math.Sqrt(low * high);
        }
    }

    // log(sum + added) of every class, from the largest of the unit's, and that of the label.
    private void Logarithms(float[] sum, float[] added, Span<float> logs, Span<float> ofLabel)
    {
        ReadOnlySpan<Vector256<float>> a = MemoryMarshal.Cast<float, Vector256<float>>(sum);
        ReadOnlySpan<Vector256<float>> b = MemoryMarshal.Cast<float, Vector256<float>>(added);
        ReadOnlySpan<Vector256<int>> labels = MemoryMarshal.Cast<int, Vector256<int>>(_labels);
        Span<Vector256<float>> z = MemoryMarshal.Cast<float, Vector256<float>>(logs);
        Span<Vector256<float>> zOfLabel = MemoryMarshal.Cast<float, Vector256<float>>(ofLabel);
        Vector256<float> least = Vector256.Create(Tiny);
        for (int block = 0, at = 0; block < labels.Length; block++, at += _classes)
        {
            Vector256<float> largest = Vector256.Create(float.NegativeInfinity);
            Vector256<float> label = default;
            for (int k = 0; k < _classes; k++)
            {
                Vector256<float> log = Vector256.Log(Vector256.Max(a[at + k] + b[at + k], least));
                z[at + k] = log;
                largest = Vector256.Max(largest, log);
                label = Vector256.ConditionalSelect(Vector256.Equals(labels[block], Vector256.Create(k)).AsSingle(), log, label);
            }

            for (int k = 0; k < _classes; k++)
            {
                z[at + k] -= largest;
            }

            zOfLabel[block] = label - largest;
        }
    }

    // Σ log p_y at β, Σ (z_y − E_p[z]) and Σ Var_p[z].
    private (double Likelihood, double Slope, double Curvature) Derivatives(ReadOnlySpan<float> logs, ReadOnlySpan<float> ofLabel, double beta)
    {
        ReadOnlySpan<Vector256<float>> z = MemoryMarshal.Cast<float, Vector256<float>>(logs);
        ReadOnlySpan<Vector256<float>> zOfLabel = MemoryMarshal.Cast<float, Vector256<float>>(ofLabel);
        ReadOnlySpan<Vector256<int>> labels = MemoryMarshal.Cast<int, Vector256<int>>(_labels);
        Vector256<float> scale = Vector256.Create((float)beta);
        (Vector256<double> likelihood, Vector256<double> slope, Vector256<double> curvature) = (default, default, default);
        for (int block = 0, at = 0; block < labels.Length; block++, at += _classes)
        {
            (Vector256<float> mass, Vector256<float> first, Vector256<float> second) = (default, default, default);
            for (int k = 0; k < _classes; k++)
            {
                Vector256<float> weight = Vector256.Exp(scale * z[at + k]);
                Vector256<float> weighted = weight * z[at + k];
                mass += weight;
                first += weighted;
                second += weighted * z[at + k];
            }

            Vector256<float> mean = first / mass;
            Vector256<float> counts = Vector256.GreaterThanOrEqual(labels[block], Vector256<int>.Zero).AsSingle();
            Add(ref likelihood, (scale * zOfLabel[block]) - Vector256.Log(mass), counts);
            Add(ref slope, zOfLabel[block] - mean, counts);
            Add(ref curvature, Vector256.Max((second / mass) - (mean * mean), default), counts);
        }

        return (Vector256.Sum(likelihood), Vector256.Sum(slope), Vector256.Sum(curvature));

        static void Add(ref Vector256<double> total, Vector256<float> values, Vector256<float> counts)
        {
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(values & counts);
            total += lower + upper;
        }
    }

    // The share of units whose label has the largest sum, the lowest class at a tie.
    private double Accuracy(float[] sum, float[] added)
    {
        ReadOnlySpan<Vector256<float>> a = MemoryMarshal.Cast<float, Vector256<float>>(sum);
        ReadOnlySpan<Vector256<float>> b = MemoryMarshal.Cast<float, Vector256<float>>(added);
        ReadOnlySpan<Vector256<int>> labels = MemoryMarshal.Cast<int, Vector256<int>>(_labels);
        Vector256<int> correct = default;
        for (int block = 0, at = 0; block < labels.Length; block++, at += _classes)
        {
            Vector256<float> largest = Vector256.Create(float.NegativeInfinity);
            Vector256<int> predicted = default;
            for (int k = 0; k < _classes; k++)
            {
                Vector256<float> value = a[at + k] + b[at + k];
                Vector256<int> larger = Vector256.GreaterThan(value, largest).AsInt32();
                largest = Vector256.Max(value, largest);
                predicted = Vector256.ConditionalSelect(larger, Vector256.Create(k), predicted);
            }

            // In a vector comparison, true is −1.
            correct -= Vector256.Equals(predicted, labels[block]);
        }

        return (double)Vector256.Sum(correct) / _units;
    }
}

/// <summary>What a greedy search makes large.</summary>
public enum PolicyCriterion
{
    /// <summary>The log-likelihood at the best temperature.</summary>
    CalibratedLogLikelihood,

    /// <summary>The accuracy: known to find worse policies, since few images decide between candidates.</summary>
    Accuracy,
}

/// <summary>One choice of a greedy search.</summary>
/// <param name="Candidate">The candidate's number, in the order in which they were added.</param>
/// <param name="Score">The criterion after it was added.</param>
public readonly record struct PolicyChoice(int Candidate, double Score);

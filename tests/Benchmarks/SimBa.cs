using AuditKit.Checks;
using AuditKit.Checks.SimBa;
using AuditKit.Evidence;

namespace AuditKit.Benchmarks;

/// <summary>
/// SimBA on ResNet-20: ε 0.2, 1,000 iterations, the first 32 correctly classified CIFAR-10 test images, 2 threads.
/// Published code: 0.98 s an attacked image, 3.0 model images an iteration; success 0 / 4 / 40 / 60 / 75 % after
/// 1 / 10 / 50 / 100 / 1,000 iterations.
/// </summary>
internal static class SimBa
{
    private const int Images = 32;

    /// <summary>The lowest frequencies along each side of the 32 that the DCT basis is cut to.</summary>
    private const int Frequencies = 16;

    /// <param name="arguments">The folder with models and data (../shared), the rounds (3).</param>
    public static void Run(string[] arguments)
    {
        using var bench = new Cifar10Bench(arguments.ElementAtOrDefault(0) ?? "../shared", images: 64);
        int rounds = int.Parse(arguments.ElementAtOrDefault(1) ?? "3");
        foreach (int batch in new[] { 1, 2, 4, 8 }.Concat(BareForward.Batches))
        {
            Console.WriteLine($"bare forward, batch {batch,3}: {bench.Bare.Rate(batch),7:N0} images/s");
        }

        // In 32 bits the attack sees what published codes see; in 64 bits, as audits run it, it does not stand still
        // where the probability rounds to 1.
        var pixel = new SimBaOptions { Images = Images, Epsilon = 0.2, Iterations = 1000 };
        foreach ((string name, SimBaOptions options) in new[]
        {
            ("pixel basis, probabilities of 64 bits", pixel),
            ("pixel basis, probabilities of 32 bits", pixel with { SinglePrecision = true }),
            ($"DCT basis, {Frequencies} × {Frequencies} frequencies, 64 bits", pixel with { Frequencies = Frequencies }),
        })
        {
            Console.WriteLine($"{name}:");
            AttackOutcome[] outcomes = [];
            for (int round = 0; round < rounds; round++)
            {
                outcomes = Attack(bench, options);
            }

            string curve = string.Join(" / ", new[] { 1, 10, 50, 100, 1000 }.Select(iterations =>
                $"{100.0 * outcomes.Count(outcome => outcome.Succeeded && outcome.Iterations <= iterations) / outcomes.Length:F0}"));
            Console.WriteLine($"  success {curve} % after 1 / 10 / 50 / 100 / 1,000 iterations, {outcomes.Length} images");
        }
    }

    private static AttackOutcome[] Attack(Cifar10Bench bench, SimBaOptions options)
    {
        CheckContext context = bench.Context();
        using EvidenceStore evidence = context.Evidence;
        InferencePass.RunClean(context);
        var pace = new Pace(bench.Bare);
        new SimBaCheck(options, []).Attack(context with { Progress = _ => pace.EndSlice() }, [.. Enumerable.Range(0, bench.Data.Count)]);
        AttackOutcome[] outcomes = [.. evidence.AttackOutcomes(options.Condition)];
        long queries = outcomes.Sum(outcome => (long)outcome.Queries);
        Console.WriteLine(
            $"  {pace.Seconds / outcomes.Length:F3} s an attacked image; {pace.Describe(queries)}; "
            + $"{(double)queries / outcomes.Sum(outcome => outcome.Iterations):F2} model images an iteration");
        return outcomes;
    }
}

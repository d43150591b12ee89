using System.Globalization;

namespace AuditKit.Benchmarks;

/// <summary>
/// An audit as several processes of one machine against one process with as many threads: stability and SimBA of the shipped ResNet-8 on the
/// 60,000 training images of Fashion-MNIST (in $AUDITKIT_DATA), by the command line. Both take turns, and end with the same report.
/// </summary>
internal static class Processes
{
    /// <param name="arguments">Processes, which is the number of threads, too (2), rounds (2), the command line's AuditKit.Cli.dll.</param>
    public static void Run(string[] arguments)
    {
        int processes = int.Parse(arguments.ElementAtOrDefault(0) ?? "2", CultureInfo.InvariantCulture);
        int rounds = int.Parse(arguments.ElementAtOrDefault(1) ?? "2", CultureInfo.InvariantCulture);
        string cli = Path.GetFullPath(arguments.ElementAtOrDefault(2) ?? "src/AuditKit.Cli/bin/Release/net10.0/AuditKit.Cli.dll");
        string folder = Directory.CreateTempSubdirectory("auditkit-processes").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "audit.yaml"), $$"""
                name: Processes
                model: { path: {{Path.GetFullPath("reference-models/fashion-mnist-resnet8/model.onnx")}}, mean: [0.286], std: [0.353] }
                data: { name: fashion-mnist, split: train }
                seed: 1
                checks:
                  stability: { perturbations: [jpeg-50, crop-1] }
                  simba: { images: 400, iterations: 500 }

                """);
            for (int round = 0; round < rounds; round++)
            {
                double together = Measure("together", "--processes", $"{processes}"), alone = Measure("alone");
                Console.WriteLine($"{processes} processes {together:F1} s, one with {processes} threads {alone:F1} s: efficiency {alone / together:F2}");
            }

            bool isSame = File.ReadAllText(Path.Combine(folder, "together", "report.json")) == File.ReadAllText(Path.Combine(folder, "alone", "report.json"));
            Console.WriteLine($"the same report: {(isSame ? "yes" : "NO")}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        double Measure(string run, params string[] options)
            => Shards.Start(folder, cli, ["run", "audit.yaml", "--threads", $"{processes}", "--out", run, "--resume", "false", .. options]).Seconds;
    }
}

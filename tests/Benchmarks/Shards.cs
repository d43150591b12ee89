using System.Diagnostics;
using System.Globalization;
using AuditKit.Models.Onnx;

namespace AuditKit.Benchmarks;

/// <summary>
/// What dividing an audit costs: a shard's start, opening and digests, the merge's time and memory, and from both, how much of many machines'
/// time is spent on images. All by the command line, on generated images of a tiny model, so that nothing but the division costs anything.
/// </summary>
internal static class Shards
{
    private const int Side = 4;

    // What an image may cost in all checks, in ms: a small network; a larger one under many perturbations; an attack on each.
    private static readonly int[] s_costs = [5, 20, 100];

    /// <param name="arguments">Images (1000000), shards (64), the command line's AuditKit.Cli.dll.</param>
    public static void Run(string[] arguments)
    {
        int images = int.Parse(arguments.ElementAtOrDefault(0) ?? "1000000", CultureInfo.InvariantCulture);
        int shards = int.Parse(arguments.ElementAtOrDefault(1) ?? "64", CultureInfo.InvariantCulture);
        string cli = Path.GetFullPath(arguments.ElementAtOrDefault(2) ?? "src/AuditKit.Cli/bin/Release/net10.0/AuditKit.Cli.dll");
        string folder = Directory.CreateTempSubdirectory("auditkit-shards").FullName;
        try
        {
            Write(folder, images);
            (_, double fewPeak) = Start(folder, cli, "run", "audit.yaml", "--set", "data.limit=60000", "--out", "few");
            Console.WriteLine($"one process, 60,000 images: peak {fewPeak:F0} MB");
            (double whole, double wholePeak) = Start(folder, cli, "run", "audit.yaml", "--out", "whole");
            Console.WriteLine($"one process       {whole,8:F1} s, peak {wholePeak:F0} MB");
            (double empty, double emptyPeak) = Start(folder, cli, "run", "audit.yaml", "--set", "checks={weights: {}}", "--shard", $"1/{shards}", "--out", "empty");
            Console.WriteLine($"a shard's start, opening and digests {empty:F1} s, peak {emptyPeak:F0} MB");
            double[] times = [.. Enumerable.Range(1, shards).Select(k => Start(folder, cli, "run", "audit.yaml", "--shard", $"{k}/{shards}", "--out", $"shards/{k}").Seconds)];
            Console.WriteLine($"{shards} shards        {times.Sum(),8:F1} s in all, the slowest {times.Max():F1} s");
            (double merge, double peak) = Start(folder, cli, ["merge", .. Enumerable.Range(1, shards).Select(k => $"shards/{k}"), "--out", "all"]);
            Console.WriteLine($"merge of them     {merge,8:F1} s, peak {peak:F0} MB");
            bool isSame = File.ReadAllText(Path.Combine(folder, "whole", "report.json")) == File.ReadAllText(Path.Combine(folder, "all", "report.json"));
            Console.WriteLine($"the same report   {(isSame ? "yes" : "NO")}");
            Console.WriteLine($"simulated: {images:N0} images, {empty:F1} s a shard, {merge:F1} s for the merge; minutes (efficiency) by what an image costs");
            Console.WriteLine($"  {"machines",8}{string.Concat(s_costs.Select(cost => $"{cost + " ms",20}"))}");
            foreach (int n in new[] { 1, 4, 16, 64, 256 })
            {
                Console.WriteLine($"  {n,8}{string.Concat(s_costs.Select(cost =>
                {
                    double share = cost / 1000.0 * images / n, elapsed = share + (n == 1 ? 0 : empty + merge);
                    return $"{$"{elapsed / 60:F1} ({share / elapsed:F2})",20}";
                }))}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder, int images)
    {
        var random = CounterRandom.For(1, "shards", 0);
        byte[] pixels = new byte[images * Side * Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.NextInt32(256);
        }

        byte[] labels = [.. Enumerable.Range(0, images).Select(i => (byte)(i % 2))];
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        Npy(Path.Combine(folder, "data", "x_test.npy"), $"({images}, {Side}, {Side})", pixels);
        Npy(Path.Combine(folder, "data", "y_test.npy"), $"({images},)", labels);
        var graph = new Graph("sum");
        graph.Input("input", "N", 1, Side, Side);
        graph.Initializer("weight", TensorValue.Of([.. Enumerable.Repeat(0f, Side * Side), .. Enumerable.Repeat(1f, Side * Side)], 2, Side * Side));
        graph.Initializer("bias", TensorValue.Of([0f, -Side * Side / 2f], 2));
        graph.Add("Flatten", ["input"], "flat");
        graph.Add("Gemm", ["flat", "weight", "bias"], "logits", ("transB", 1L));
        graph.Output("logits", "N", 2);
        OnnxFile.Write(graph, Path.Combine(folder, "model.onnx"));
        File.WriteAllText(Path.Combine(folder, "audit.yaml"), """
            name: Shards
            model: { path: model.onnx }
            data: { path: data, split: test, classes: [dark, bright] }
            seed: 1
            checks:
              accuracy: {}

            """);
    }

    private static void Npy(string file, string shape, byte[] values)
    {
        string header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}";
        header = header.PadRight(((header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        File.WriteAllBytes(file, [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. System.Text.Encoding.ASCII.GetBytes(header), .. values]);
    }

    // Seconds, and the largest resident memory in MB, as the kernel has it.
    internal static (double Seconds, double Peak) Start(string folder, string cli, params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [cli, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        double peak = 0;
        while (!process.WaitForExit(20))
        {
            try
            {
                string line = File.ReadLines($"/proc/{process.Id}/status").First(each => each.StartsWith("VmHWM:", StringComparison.Ordinal));
                peak = double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or IndexOutOfRangeException)
            {
                // It has just ended.
            }
        }

        return process.ExitCode == 0 ? (clock.Elapsed.TotalSeconds, peak)
            : throw new InvalidOperationException($"{string.Join(' ', arguments)}: exit code {process.ExitCode}\n{output.Result}");
    }
}

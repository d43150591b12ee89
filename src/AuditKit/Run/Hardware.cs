using AuditKit.Models;

namespace AuditKit.Run;

/// <summary>What of a machine's hardware the last bits of an answer may depend on, as Linux names it.</summary>
internal static class Hardware
{
    private const string Unknown = "unknown";

    /// <summary>The processor, and the GPUs where one is used.</summary>
    /// <param name="device">Where the model runs.</param>
    /// <param name="proc">The folder in which the system describes itself.</param>
    public static IReadOnlyList<Fact> Of(Device device, string proc = "/proc") =>
    [
        new("Processor", Values([Path.Combine(proc, "cpuinfo")], "model name").FirstOrDefault(Unknown)),
        // Which of them has which number is the driver's affair, and how many there are does not matter.
        .. device.Gpu is null ? Array.Empty<Fact>() : [new("GPUs", string.Join(", ", Values(Gpus(Path.Combine(proc, "driver", "nvidia", "gpus")), "Model")
            .Distinct().Order(StringComparer.Ordinal).DefaultIfEmpty(Unknown)))],
    ];

    private static IEnumerable<string> Gpus(string folder)
        => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(gpu => Path.Combine(gpu, "information")) : [];

    // "model name : AMD EPYC" in each of some files.
    private static IEnumerable<string> Values(IEnumerable<string> files, string key)
    {
        try
        {
            return [.. files.Where(File.Exists).SelectMany(File.ReadLines).Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
                .Where(pair => pair is [var name, { Length: > 0 }] && name == key).Select(pair => pair[1])];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

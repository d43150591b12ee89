using System.CommandLine;
using AuditKit.Data;
using AuditKit.Imaging;
using Spectre.Console;

namespace AuditKit.Cli;

/// <summary><c>auditkit data PATH</c>: what data is, how many images of what, and what some of them look like.</summary>
internal static class DataCommand
{
    private const int Samples = 10, SamplesInRow = 5, SampleSide = 160, SampleGap = 8;

    // What a table in a terminal can hold.
    private const int MostSplits = 6, MostRows = 60, MostAttributes = 6, MostValues = 12;

    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A folder, an archive (.tar, .tar.gz, .tgz, .tar.zst, .zip), or a data file such as a manifest." };
        var format = new Option<string?>("--format")
        {
            Description = $"The format, where it is not recognised: {string.Join(", ", DatasetCatalog.Formats)}.",
            HelpName = "FORMAT",
        };
        var split = new Option<string?>("--split") { Description = "One split only. Default: all.", HelpName = "SPLIT" };
        var output = new Option<string?>("--out")
        {
            Description = $"The PNG file of {Samples} sample images. Default: runs/<name of the data>-samples.png.",
            HelpName = "FILE.png",
        };
        var command = new Command("data", "Says what data is, counts its images by split, class and group, and shows ten of them.")
        {
            path, format, split, output,
        };
        command.SetAction(parsed =>
        {
            string where = parsed.GetRequiredValue(path);
            Show(where, parsed.GetValue(format), parsed.GetValue(split), parsed.GetValue(output)
                ?? Path.Combine("runs", $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(where)))}-samples.png"));
            return (int)ExitCode.Pass;
        });
        return command;
    }

    private static void Show(string path, string? format, string? split, string output)
    {
        (string name, IReadOnlyList<string> splits) = DatasetCatalog.Describe(DataSpec.At(path, format));
        string?[] wanted = split is not null ? [split] : splits.Count == 0 ? [null] : [.. splits];
        var opened = new List<(string Split, IDataset Data)>();
        try
        {
            var failures = new List<AuditException>();
            foreach (string? each in wanted.Take(MostSplits))
            {
                try
                {
                    opened.Add((each ?? "all", DatasetCatalog.Open(DataSpec.At(path, name, each))));
                }
                catch (AuditException e)
                {
                    failures.Add(e);
                }
            }

            if (opened.Count == 0)
            {
                throw failures[0];
            }

            Print(name, splits, opened);
            foreach (AuditException failure in failures)
            {
                Console.WriteLine($"Not read: {failure.Message}");
            }

            WriteSamples(opened[0].Data, output);
        }
        finally
        {
            opened.ForEach(each => each.Data.Dispose());
        }
    }

    private static void Print(string format, IReadOnlyList<string> splits, List<(string Split, IDataset Data)> sets)
    {
        IDataset first = sets[0].Data;
        Line("Format", format);
        Line("Files", NumberText.Count(sets.SelectMany(set => set.Data.Files).Distinct().Count()));
        int severalFrames = sets.Sum(set => FrameCount.Of(set.Data, Environment.ProcessorCount));
        if (severalFrames > 0)
        {
            Line("Frames", $"{NumberText.Count(severalFrames)} images are animations or have pages; of each, the first is taken");
        }

        Line("Splits", splits.Count == 0 ? "none" : splits.Count > MostSplits ? $"{splits.Count}, {string.Join(", ", splits)}; shown: the "
            + $"first {sets.Count}" : string.Join(", ", splits));
        Line("Classes", $"{first.Classes.Count}");
        if (ClassOrder.Note(first.Classes) is { } order)
        {
            Line("Order", order.Value);
        }

        foreach (Fact fact in sets.SelectMany(set => set.Data.Facts).Distinct())
        {
            Line(fact.Label, fact.Value);
        }

        Line("Attributes", string.Join(", ", first.Attributes.DefaultIfEmpty("none")));
        PrintCounts("Class", sets, [.. sets.Select(set => Count(set.Data, i => set.Data.Classes[set.Data.Label(i)]))], first.Classes);
        foreach (string attribute in first.Attributes.Take(MostAttributes))
        {
            Dictionary<string, int>[] counts = [.. sets.Select(set => Count(set.Data, i => $"class = {set.Data.Classes[set.Data.Label(i)]} x "
                + $"{attribute} = {set.Data.Attribute(attribute, i)}"))];
            string[] groups = [.. counts.SelectMany(count => count.Keys).Distinct().Order(StringComparer.Ordinal)];
            if (groups.Length <= MostValues * first.Classes.Count)
            {
                PrintCounts("Group", sets, counts, groups);
            }
        }
    }

    private static Dictionary<string, int> Count(IDataset data, Func<int, string> group)
        => Enumerable.Range(0, data.Count).CountBy(group).ToDictionary();

    private static void PrintCounts(string heading, List<(string Split, IDataset Data)> sets, Dictionary<string, int>[] counts, IReadOnlyList<string> rows)
    {
        var table = new Spectre.Console.Table { Border = Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded };
        table.AddColumn(heading);
        foreach ((string split, _) in sets)
        {
            table.AddColumn(new TableColumn(Markup.Escape(split)).RightAligned());
        }

        foreach (string row in rows.Take(MostRows))
        {
            table.AddRow([Markup.Escape(row), .. counts.Select(count => NumberText.Count(count.GetValueOrDefault(row)))]);
        }

        if (rows.Count > MostRows)
        {
            table.AddRow([$"{rows.Count - MostRows} more", .. counts
                .Select(count => NumberText.Count(rows.Skip(MostRows).Sum(row => count.GetValueOrDefault(row))))]);
        }

        table.AddRow(["all", .. counts.Select(count => NumberText.Count(count.Values.Sum()))]);
        Terminal.Out.Write(table);
    }

    /// <summary>Images spread evenly over the data, so that sorted data show several classes.</summary>
    private static void WriteSamples(IDataset data, string output)
    {
        int[] chosen = [.. Enumerable.Range(0, Math.Min(Samples, data.Count)).Select(i => (int)((long)i * data.Count / Math.Min(Samples, data.Count)))];
        Image[] images = [.. chosen.Select(data.Load)];
        foreach ((int i, Image image) in chosen.Zip(images))
        {
            string attributes = string.Concat(data.Attributes.Take(MostAttributes).Select(name => $", {name} {data.Attribute(name, i)}"));
            Console.WriteLine($"Sample: {data.Source(i)}, {data.Classes[data.Label(i)]}{attributes}, {image.Width}×{image.Height} "
                + $"{(image.Channels == 1 ? "grey" : "RGB")}");
        }

        AtomicFile.Write(output, Png.Encode(ContactSheet.Of(images, SamplesInRow, SampleSide, SampleGap)));
        Console.WriteLine($"Samples: {output}");
    }

    private static void Line(string label, string value) => Console.WriteLine($"{label + ":",-16}{value}");
}

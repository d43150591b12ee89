using AuditKit.Results;

namespace AuditKit.Reports.Outline;

/// <summary>The parts that are about what was measured: one a check, the images that failed, and the figures that the checks' parts leave out.</summary>
internal sealed class CheckParts
{
    /// <summary>Examples that a check's part has on paper.</summary>
    private const int ExamplesOnPaper = 6;

    private readonly AuditResult _result;
    private readonly Medium _medium;
    private readonly HashSet<Finding> _folded;

    /// <summary>The parts of a result.</summary>
    public CheckParts(AuditResult result, Medium medium)
    {
        (_result, _medium) = (result, medium);
        _folded = [.. result.Sections.SelectMany(section => GateRows.Folded(section.Findings))];
        Figures = medium is Medium.Screen
            ? result.Findings.Any() ? [Every()] : []
            : _folded.Count > 0 ? [Passed()] : [];
        Images = medium is Medium.Screen && result.Sections.Any(section => section.Examples.Count > 0) ? [Failed()] : [];
        Parts = [.. result.Sections.Select((section, i) => new Part(PartLink.Check(result, i), [.. Blocks(section)]))];
    }

    /// <summary>One part a check, in the spec's order.</summary>
    public IReadOnlyList<Part> Parts { get; }

    /// <summary>On a screen, every image that failed; nothing on paper, where the checks' parts have some.</summary>
    public IReadOnlyList<Part> Images { get; }

    /// <summary>On a screen, every figure; on paper, those of the groups that passed, which the checks' parts leave out.</summary>
    public IReadOnlyList<Part> Figures { get; }

    /// <summary>Where all figures are together; null on paper.</summary>
    public PartLink? Index => _medium is Medium.Screen && Figures.Count > 0 ? Figures[0].Link : null;

    private IEnumerable<Block> Blocks(Section section)
    {
        if (section.Error is { } error)
        {
            yield return new Paragraph($"This check did not finish: {error}", ParagraphKind.Failure);
        }

        yield return new Paragraph(section.Summary);
        Finding[] shown = [.. section.Findings.Where(finding => !_folded.Contains(finding))];
        if (shown.Length > 0)
        {
            yield return new FindingList("Figures", [.. Outcomes.BlockingFirst(shown)], WithCheck: false);
        }

        if (shown.Length < section.Findings.Count)
        {
            int passed = section.Findings.Count - shown.Length;
            yield return new LinkBlock($"{NumberText.Count(passed)} more figures, which all passed, are under", Figures[0].Link);
        }

        foreach (Chart chart in section.Charts)
        {
            yield return new ChartBlock(chart);
        }

        foreach (Table table in section.Tables)
        {
            yield return new TableBlock(table);
        }

        foreach (Block block in Examples(section))
        {
            yield return block;
        }

        if (section.Method.Count > 0)
        {
            yield return new Heading("Method");
        }

        foreach (string paragraph in section.Method)
        {
            yield return new Paragraph(paragraph, ParagraphKind.Method);
        }
    }

    private IEnumerable<Block> Examples(Section section)
    {
        if (section.Examples.Count == 0)
        {
            yield break;
        }

        if (_medium is Medium.Screen)
        {
            yield return new LinkBlock($"{NumberText.Count(section.Examples.Count, "image is", "images are")} shown under", Images[0].Link);
            yield break;
        }

        yield return new Heading("Examples");
        // Some of everything that changes answers: the first of each before the second of any.
        Example[] some =
        [
            .. section.Examples.GroupBy(example => string.Join('\n', example.Facts.Where(fact => fact.Label == "Changed by").Select(fact => fact.Value)))
                .SelectMany(alike => alike.Index()).OrderBy(example => example.Index).Take(ExamplesOnPaper).Select(example => example.Item),
        ];
        yield return new Gallery([.. section.Examples.Where(some.Contains).Select(example => new Picture(example, example.Facts))], []);
    }

    private Part Failed()
    {
        Picture[] pictures =
        [
            .. _result.Sections.SelectMany(section => section.Examples
                .Select(example => new Picture(example, [new Fact("Check", section.Check), .. example.Facts]))),
        ];
        string[] filters = [.. pictures.SelectMany(picture => picture.Facts.Select(fact => fact.Label)).Distinct()];
        return new(PartLink.Images,
        [
            new Paragraph(
                "Images that the evidence keeps of those that the model got wrong, or answered differently after a change. They are examples, not all."),
            new Gallery(pictures, filters),
        ]);
    }

    private Part Every() => new(PartLink.Figures,
        [new FindingList("Every figure of this audit", [.. Outcomes.BlockingFirst(_result.Findings)], WithCheck: true, IsIndex: true)]);

    private Part Passed() => new(PartLink.PassedFigures,
        [new FindingList("Figures that passed, left out above", [.. _result.Findings.Where(_folded.Contains)], WithCheck: true)]);
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuditKit.Reports.Json;
using AuditKit.Results;

namespace AuditKit.Reports.Sarif;

/// <summary>
/// What blocks the release, for code hosts: SARIF 2.1.0 (OASIS, 2020). A rule is a check's metric, a result is a gate
/// that did not pass or a check that did not finish, located at the line of the spec that demands it. What passes is
/// left out: hosts close an alert when its result is gone.
/// </summary>
/// <remarks>
/// Hosts limit what they take: 10 MB compressed, 25,000 results and rules, 5,000 results shown. Failures come first,
/// and what is over the 5,000 is counted in one last result.
/// </remarks>
public sealed class SarifReport : IReport
{
    /// <summary>Results that code hosts show.</summary>
    internal const int MostResults = 5000;

    /// <summary>Characters of a message; hosts cut longer ones.</summary>
    private const int MostCharacters = 1000;

    private const string NotFinished = "did not finish";

    /// <inheritdoc/>
    public string FileName => "report.sarif";

    /// <inheritdoc/>
    public void Write(AuditResult result, Stream destination) => IndentedJson.Write(Log(result), destination);

    private static JsonObject Log(AuditResult result)
    {
        Alert[] alerts = [.. Alerts(result).OrderBy(alert => alert.Level == "error" ? 0 : 1)];
        string[] rules = [.. Rules(result).Concat(alerts.Select(alert => alert.Rule)).Distinct()];
        Alert[] shown = alerts.Length <= MostResults ? alerts
            : [.. alerts.Take(MostResults - 1), Rest(alerts[MostResults - 1], alerts.Length - MostResults + 1)];
        var lines = SpecLines.Of(result);
        return new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = "AuditKit",
                        ["version"] = result.Version,
                        ["rules"] = Array(rules, Rule),
                    },
                },
                ["automationDetails"] = new JsonObject { ["id"] = $"auditkit/{Text(result.Name)}/" },
                ["invocations"] = new JsonArray(new JsonObject
                {
                    ["executionSuccessful"] = result.Verdict is not GateOutcome.Error,
                    ["exitCode"] = (int)Verdict.ToExitCode(result.Verdict),
                }),
                ["columnKind"] = "utf16CodeUnits",
                ["results"] = Array(shown, alert => Result(alert, System.Array.IndexOf(rules, alert.Rule), result, lines)),
            }),
        };
    }

    private static IEnumerable<string> Rules(AuditResult result)
        => result.Findings.Where(finding => finding.Outcome is not GateOutcome.NotGated).Select(finding => RuleId(finding.Check, finding.Metric));

    private static IEnumerable<Alert> Alerts(AuditResult result)
    {
        foreach (Section section in result.Sections)
        {
            if (section.Error is { } error)
            {
                yield return new Alert(RuleId(section.Check, NotFinished), $"{section.Check}/{NotFinished}", "error",
                    $"{section.Check} did not finish: {error}", $"checks.{section.Check}");
            }

            foreach (Finding finding in section.Findings.Where(finding => Outcomes.Blocks(finding.Outcome)))
            {
                string subject = finding.Subject.Length == 0 ? "" : $" on {finding.Subject}";
                yield return new Alert(
                    RuleId(finding.Check, finding.Metric),
                    finding.Id,
                    finding.Outcome is GateOutcome.Inconclusive ? "warning" : "error",
                    $"{finding.Check}: {finding.Metric}{subject} is {Figures.Estimate(finding)}, demanded {Figures.Threshold(finding)}: "
                        + $"{Outcomes.Word(finding.Outcome)}. {finding.Reason}",
                    finding.Threshold?.Key ?? $"checks.{finding.Check}");
            }
        }
    }

    private static Alert Rest(Alert first, int count)
        => new(first.Rule, "more results", first.Level, $"{NumberText.Count(count)} further results are left out here; the report has them all.", first.Key);

    private static JsonObject Rule(string id)
    {
        string check = id[..id.IndexOf('/')];
        string metric = id[(id.IndexOf('/') + 1)..].Replace('-', ' ');
        return new JsonObject
        {
            ["id"] = id,
            ["shortDescription"] = new JsonObject { ["text"] = $"{check}: {metric}" },
            ["fullDescription"] = new JsonObject
            {
                ["text"] = metric == NotFinished
                    ? $"The check '{check}' broke off. What did not run has not passed."
                    : $"A limit that the audit's spec sets on the {metric} of the check '{check}' is missed, or the data cannot show that it is met.",
            },
            ["help"] = new JsonObject
            {
                ["text"] = "The audit's report has the figure with its interval, the method, and examples. "
                + "An inconclusive gate needs more images, or another limit."
            },
            ["defaultConfiguration"] = new JsonObject { ["level"] = "error" },
            ["properties"] = new JsonObject { ["tags"] = new JsonArray("robustness", "model-audit", Text(check)) },
        };
    }

    private static JsonObject Result(Alert alert, int rule, AuditResult result, SpecLines lines)
    {
        string fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{result.Name}\n{alert.Id}")));
        return new JsonObject
        {
            ["ruleId"] = alert.Rule,
            ["ruleIndex"] = rule,
            ["level"] = alert.Level,
            ["message"] = new JsonObject { ["text"] = Cut(Text(alert.Message)) },
            ["locations"] = new JsonArray(new JsonObject
            {
                ["physicalLocation"] = new JsonObject
                {
                    ["artifactLocation"] = new JsonObject { ["uri"] = Uri(result.SpecFile) },
                    ["region"] = new JsonObject { ["startLine"] = lines.Find(alert.Key) },
                },
            }),
            // The second is the one that GitHub tells alerts apart by; left to itself it would take the line's text.
            ["partialFingerprints"] = new JsonObject { ["auditkitFinding/v1"] = fingerprint, ["primaryLocationLineHash"] = $"{fingerprint[..16]}:1" },
        };
    }

    /// <summary>A stable identity of letters, digits and hyphens: <c>stability/flip-rate</c>.</summary>
    private static string RuleId(string check, string metric) => $"{Slug(check)}/{Slug(metric)}";

    private static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (char letter in text.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(letter))
            {
                slug.Append(letter);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }

    private static string Uri(string path) => string.Join('/', path.Split('/').Select(System.Uri.EscapeDataString));

    private static string Cut(string text) => text.Length <= MostCharacters ? text
        : text[..(char.IsHighSurrogate(text[MostCharacters - 2]) ? MostCharacters - 2 : MostCharacters - 1)] + "…";

    private static string Text(string text) => Markup.Legal(text);

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => [.. items.Select(node)];

    /// <summary>One result to be.</summary>
    /// <param name="Rule">The rule's id.</param>
    /// <param name="Id">What it is known by from run to run.</param>
    /// <param name="Level"><c>error</c> or <c>warning</c>.</param>
    /// <param name="Message">What people read.</param>
    /// <param name="Key">The key of the spec that it is located at.</param>
    private sealed record Alert(string Rule, string Id, string Level, string Message, string Key);
}

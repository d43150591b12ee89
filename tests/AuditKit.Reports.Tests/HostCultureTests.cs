using System.Text;
using AuditKit.Evidence;
using AuditKit.Models;
using AuditKit.Reports.Export;
using AuditKit.Reports.Pdf;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;
using AuditKit.Tests;

namespace AuditKit.Reports.Tests;

/// <summary>An audit in a host whose culture writes 2.5 as 2,5.</summary>
public sealed class HostCultureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-culture-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_audit_measures_finds_and_reports_the_same_in_every_culture()
    {
        string spec = Path.Combine(_folder, "audit.yaml");
        File.WriteAllText(spec, $$"""
            name: Cultures
            model: { path: {{FashionMnist.Model}}, mean: [0.286], std: [0.353] }
            data: { name: fashion-mnist, path: {{FashionMnist.Data}}, split: test, portion: { to: 0.5 }, limit: 60 }
            seed: 1
            confidence: 0.975
            checks:
              accuracy: { min: 0.815 }
              subgroups: { by: [class, brightness/2], min-size: 10 }
              calibration:
              stability: { perturbations: [jpeg-50, crop-2], max-flip-rate: 0.125 }
              corruptions: { kinds: [gaussian-noise, fog], severities: [1, 5] }
              simba: { images: 3, epsilon: 0.25, iterations: 20, max-l2: 2.5, max-success: { 10: 0.45 } }
              tta: { variants: [randaugment], randaugment: { operators: 2, magnitudes: [2.5, 10], share: 0.25 }, samples: [2], min-accuracy: 0.55 }
              weights: { padding: periodic }
            """);
        Dictionary<string, string> inHost = Audited(spec, "host");
        Dictionary<string, string> invariant = HostCulture.Invariantly(() => Audited(spec, "invariant"));

        Assert.Equal(invariant.Keys, inHost.Keys);
        Assert.All(invariant, entry => Assert.Equal(entry.Value, inHost[entry.Key]));
        Assert.Contains("randaugment-2-2.5", inHost["conditions"], StringComparison.Ordinal);
    }

    // What the run's folder says, and every report's text by its file.
    private Dictionary<string, string> Audited(string spec, string name)
    {
        string run = Path.Combine(_folder, name), reports = Path.Combine(_folder, $"{name} reports");
        Directory.CreateDirectory(reports);
        AuditResult result = Audit.Run(AuditSpec.Load(spec, []), new OnnxModels(Device.Cpu, 2), new AuditOptions { Folder = run, Threads = 2 });
        Assert.All(result.Sections, section => Assert.Null(section.Error));
        foreach (IReport format in ReportFolder.Formats.Where(format => format is not PdfReport))
        {
            ReportFolder.Save(format, result, reports);
        }

        // The PDF itself is made by another program, from this.
        new PdfContent(reports, Fonts.Find()).Write(result);
        using EvidenceStore evidence = RunFolder.OpenEvidence(run);
        OutcomeTables.Save(evidence, reports);
        Dictionary<string, string> said = new()
        {
            ["identity"] = evidence.Identity,
            ["conditions"] = string.Join('\n', evidence.Conditions.Select(condition => $"{condition.Digest} {condition.Name}").Order(StringComparer.Ordinal)),
            ["digest"] = evidence.Digest(),
        };
        foreach (string file in Directory.EnumerateFiles(reports).Order(StringComparer.Ordinal))
        {
            said[Path.GetFileName(file)] = File.ReadAllText(file, Encoding.Latin1);
        }

        return said;
    }
}

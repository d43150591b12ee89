using AuditKit.Checks.Accuracy;
using AuditKit.Checks.Stability;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Models;
using AuditKit.Results;
using AuditKit.Run;
using AuditKit.Specs;

namespace AuditKit.Cli.Tests;

public static class ReleaseAudit
{
    public static AuditResult Run(string model, string images, string folder)
    {
        var accuracy = new AccuracyOptions { Min = new Threshold(ThresholdKind.AtLeast, 0.92, "accuracy") };
        var stability = new StabilityOptions
        {
            Perturbations = [new JpegCompression(50), new MarginCrop(2)],
            MaxFlipRate = new Threshold(ThresholdKind.AtMost, 0.08, "stability"),
        };
        var plan = new AuditPlan
        {
            Name = "Release audit",
            Seed = 1,
            Model = new ModelSpec { Path = model },
            Data = DataSpec.At(images, split: "test"),
            Checks = [accuracy, stability],
        };
        return Audit.Run(plan, new OnnxModels(Device.Cpu, threads: 4), new AuditOptions { Folder = folder });
    }
}

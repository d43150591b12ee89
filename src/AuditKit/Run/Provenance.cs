using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AuditKit.Imaging.Files;
using AuditKit.Specs;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Run;

/// <summary>The software that measured: what is needed to do an audit again.</summary>
public static class Provenance
{
    /// <summary>AuditKit's version.</summary>
    public static string Version { get; } = typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The software below AuditKit that answers may depend on.</summary>
    internal static IReadOnlyList<Fact> Engine =>
    [
        new("ONNX Runtime", OrtEnv.Instance().GetVersionString()),
        new(".NET", Environment.Version.ToString()),
        new("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"),
        .. ImageCodecs.Here.Facts,
    ];

    /// <summary>Versions, machine type and the spec's digest.</summary>
    public static IReadOnlyList<Fact> Facts(AuditPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return
        [
            new("AuditKit", Version),
            .. Engine,
            .. plan.Text.Length == 0 ? [new("Spec", "none: the plan was built in code")] : new Fact[]
            {
                new("Spec", plan.File),
                new("SHA-256 of the spec as it was run", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plan.Text)))),
            },
            .. plan.Overrides.Count == 0 ? Array.Empty<Fact>() : [new("Overrides on the command line", string.Join(", ", plan.Overrides))],
        ];
    }
}

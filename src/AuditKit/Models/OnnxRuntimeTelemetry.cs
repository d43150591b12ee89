using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AuditKit.Models;

/// <summary>
/// Switches ONNX Runtime's telemetry off: its builds report process, model and hardware to their maker unless told not to.
/// </summary>
internal static class OnnxRuntimeTelemetry
{
    /// <summary>Runs before anything else of this assembly, and so before the library can be loaded through it.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The library reads the variable when it is loaded, whoever loads it.")]
    internal static void SwitchOff() => NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1");
}

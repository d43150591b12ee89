using System.Runtime.InteropServices;

namespace AuditKit.Training.Libtorch;

/// <summary>
/// Settings of libtorch's global context (<c>at::Context</c>) that TorchSharp has no call for, reached by the names that
/// the library exports.
/// </summary>
/// <param name="library">The handle of torch_cpu.</param>
internal sealed unsafe class LibtorchContext(nint library)
{
    /// <summary>
    /// Switches off NNPACK, which writes "Could not initialize NNPACK" to the console at every convolution on processors
    /// that it does not know. oneDNN computes the convolutions.
    /// </summary>
    public void DisableNnpack()
    {
        bool isWindows = OperatingSystem.IsWindows();
        if (NativeLibrary.TryGetExport(library, isWindows ? "?globalContext@at@@YAAEAVContext@1@XZ" : "_ZN2at13globalContextEv", out nint context)
            && NativeLibrary.TryGetExport(
                library, isWindows ? "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z" : "_ZN2at7Context20setUserEnabledNNPACKEb", out nint setEnabled))
        {
            ((delegate* unmanaged<nint, byte, void>)setEnabled)(((delegate* unmanaged<nint>)context)(), 0);
        }
    }
}

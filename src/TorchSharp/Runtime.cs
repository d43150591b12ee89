using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of libtorch.</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)Native.torchshim_version())!;

    /// <summary>How many threads one operator may use.</summary>
    public static int get_num_threads() => Native.torchshim_get_threads();

    /// <summary>Sets how many threads one operator may use; as many as there are cores unless set.</summary>
    public static void set_num_threads(int num) => Native.Check(Native.torchshim_set_threads(num));

    /// <summary>How many operators TorchScript may run at once.</summary>
    public static int get_num_interop_threads() => Native.torchshim_get_interop_threads();

    /// <summary>
    /// Sets how many operators TorchScript may run at once; possible once, before the first of them runs.
    /// </summary>
    public static void set_num_interop_threads(int num) => Native.Check(Native.torchshim_set_interop_threads(num));

    /// <summary>Whether operators without a deterministic form are refused.</summary>
    public static bool are_deterministic_algorithms_enabled() => Native.torchshim_deterministic() != 0;

    /// <summary>
    /// Refuses, or only warns of, operators without a deterministic form until the result is disposed.
    /// </summary>
    public static IDisposable use_deterministic_algorithms(bool mode = true, bool warn_only = false) =>
        new Determinism(mode, warn_only);

    private sealed class Determinism : IDisposable
    {
        private readonly bool _before = are_deterministic_algorithms_enabled();

        public Determinism(bool mode, bool warnOnly) =>
            Native.Check(Native.torchshim_set_deterministic(mode ? 1 : 0, warnOnly ? 1 : 0));

        public void Dispose() => Native.Check(Native.torchshim_set_deterministic(_before ? 1 : 0, 0));
    }

    /// <summary>NVIDIA cards.</summary>
    public static class cuda
    {
        /// <summary>Whether libtorch was built for NVIDIA cards and finds one.</summary>
        public static bool is_available() => device_count() > 0;

        /// <summary>How many cards libtorch can use.</summary>
        public static int device_count()
        {
            Native.Check(Native.torchshim_cuda_devices(out int count, out _));
            return count;
        }

        /// <summary>Whether cuDNN can be used.</summary>
        public static bool is_cudnn_available()
        {
            Native.Check(Native.torchshim_cuda_devices(out _, out int cudnn));
            return cudnn != 0;
        }

        /// <summary>Waits until a card, the current one if null, has done what it was told.</summary>
        public static void synchronize(Device? device = null) =>
            Native.Check(Native.torchshim_cuda_synchronize(device?.index ?? -1));
    }
}

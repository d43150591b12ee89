using System.Runtime.Intrinsics.X86;

namespace AuditKit.Training.Libtorch;

/// <summary>Values of <c>MKL_CBWR</c>, MKL's conditional numerical reproducibility (oneMKL Developer Guide).</summary>
internal static class MklInstructions
{
    /// <summary>
    /// The widest instructions that this processor has, strictly: the same bits wherever in memory the matrices lie, for one
    /// number of threads. COMPATIBLE gives the same bits on all processors, at a third of the speed.
    /// </summary>
    public static string Reproducible => Avx512F.IsSupported ? "AVX512,STRICT" : Avx2.IsSupported ? "AVX2,STRICT" : "COMPATIBLE";
}

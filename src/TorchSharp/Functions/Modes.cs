namespace TorchSharp;

/// <summary>When distances are computed from a matrix product.</summary>
public enum compute_mode
{
    /// <summary>For more than 25 rows.</summary>
    use_mm_for_euclid_dist_if_necessary = 0,

    /// <summary>Always.</summary>
    use_mm_for_euclid_dist = 1,

    /// <summary>Never, which is exact.</summary>
    donot_use_mm_for_euclid_dist = 2,
}

public static partial class torch
{
    public static partial class linalg
    {
        /// <summary>What of a QR decomposition is computed.</summary>
        public enum QRMode
        {
            /// <summary>As many columns of Q as the input has rows or columns, whichever is fewer.</summary>
            Reduced,

            /// <summary>A square Q.</summary>
            Complete,

            /// <summary>R alone.</summary>
            R,
        }

        private static string Name(QRMode mode) => mode.ToString().ToLowerInvariant();
    }
}

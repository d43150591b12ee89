namespace TorchSharp;

/// <summary>What lies outside a tensor.</summary>
public enum PaddingModes
{
    /// <summary>Zeros.</summary>
    Zeros = 0,

    /// <summary>The tensor mirrored at its border, which is not repeated.</summary>
    Reflect = 1,

    /// <summary>The border, repeated.</summary>
    Replicate = 2,

    /// <summary>The tensor again.</summary>
    Circular = 3,

    /// <summary>One value.</summary>
    Constant = 4,
}

public static partial class torch
{
    /// <summary>How values between samples are found when an image changes size.</summary>
    public enum InterpolationMode
    {
        /// <summary>The sample below, as older libraries round.</summary>
        Nearest = 0,

        /// <summary>Linear, for one spatial dimension.</summary>
        Linear = 1,

        /// <summary>Linear in both spatial dimensions.</summary>
        Bilinear = 2,

        /// <summary>Cubic in both spatial dimensions.</summary>
        Bicubic = 3,

        /// <summary>Linear in three spatial dimensions.</summary>
        Trilinear = 4,

        /// <summary>The mean over the area.</summary>
        Area = 5,

        /// <summary>The nearest sample.</summary>
        NearestExact = 6,
    }

    /// <summary>How values between samples are found on a grid.</summary>
    public enum GridSampleMode
    {
        /// <summary>The nearest sample.</summary>
        Nearest = 0,

        /// <summary>Linear in both spatial dimensions.</summary>
        Bilinear = 2,
    }

    /// <summary>What a grid finds outside an image.</summary>
    public enum GridSamplePaddingMode
    {
        /// <summary>Zeros.</summary>
        Zeros = 0,

        /// <summary>The image mirrored at its border.</summary>
        Reflection = 1,

        /// <summary>The border, repeated.</summary>
        Border = 2,
    }

    public static partial class nn
    {
        /// <summary>What becomes of a batch's losses.</summary>
        public enum Reduction : long
        {
            /// <summary>They are returned one by one.</summary>
            None = 0,

            /// <summary>Their mean.</summary>
            Mean = 1,

            /// <summary>Their sum.</summary>
            Sum = 2,
        }
    }
}

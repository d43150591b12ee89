using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.Corruptions;

/// <summary>What a corruption does to a pixel that looks at no other pixel: to eight of them at a time.</summary>
internal interface IPixelOperation
{
    /// <summary>Changes eight pixels.</summary>
    /// <param name="pixel">The first one's index, a multiple of 8; the last ones may lie beyond the image.</param>
    /// <param name="red">Levels 0 to 255; results are clipped and cut off afterwards.</param>
    /// <param name="green">As <paramref name="red"/>.</param>
    /// <param name="blue">As <paramref name="red"/>.</param>
    void Apply(int pixel, ref Vector256<float> red, ref Vector256<float> green, ref Vector256<float> blue);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AuditKit.Imaging.TransformCoding;

/// <summary>
/// The products of the eight-point DCT of Loeffler, Ligtenberg and Moschytz (Practical fast 1-D DCT algorithms with
/// 11 multiplications, ICASSP 1989), in the variant with twelve that the Independent JPEG Group chose, its transform
/// and its inverse have them in common.
/// </summary>
/// <remarks>
/// Factors are multiples of 2⁻¹³, rounded. Where the algorithm multiplies a sum, the factors are added up instead: the
/// integers that come out are the same.
/// </remarks>
internal static class Rotations
{
    /// <summary>Fractional bits of the factors.</summary>
    public const int Bits = 13;

    private const int F0298 = 2446, F0390 = 3196, F0541 = 4433, F0765 = 6270, F0899 = 7373, F1175 = 9633, F1501 = 12299;
    private const int F1847 = 15137, F1961 = 16069, F2053 = 16819, F2562 = 20995, F3072 = 25172;

    /// <summary>Rotation by 3π/8, scaled by √2: the even part's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Products Cosine, Products Sine) Even(Vector256<short> x, Vector256<short> y)
    {
        var rows = new Products.Rows(x, y);
        return (rows.Sum(F0541 + F0765, F0541), rows.Sum(F0541, F0541 - F1847));
    }

    /// <summary>The odd part: four inputs and, in the same order, four outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Products A, Products B, Products C, Products D) Odd(
        Vector256<short> a, Vector256<short> b, Vector256<short> c, Vector256<short> d)
    {
        var sums = new Products.Rows(a + c, b + d);
        Products ac = sums.Sum(F1175 - F1961, F1175);
        Products bd = sums.Sum(F1175, F1175 - F0390);
        var outer = new Products.Rows(a, d);
        var inner = new Products.Rows(b, c);
        return (
            outer.Sum(F0298 - F0899, -F0899) + ac,
            inner.Sum(F2053 - F2562, -F2562) + bd,
            inner.Sum(-F2562, F3072 - F2562) + ac,
            outer.Sum(-F0899, F1501 - F0899) + bd);
    }
}

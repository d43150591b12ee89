namespace AuditKit.Tests.Models;

/// <summary>Equality of floats within an absolute tolerance.</summary>
internal sealed class CloseTo(float tolerance) : IEqualityComparer<float>
{
    public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance;

    public int GetHashCode(float value) => 0;
}

using System.Globalization;

namespace AuditKit;

/// <summary>
/// Values as names, keys, digests and messages have them: alike in every host. That text is invariant is a setting of the command
/// line's application, which does not travel with the library: where a host writes 2.5 as 2,5, <c>$"{number}"</c> would, too, and
/// another name means other draws and other evidence. Whole numbers from 0 on are alike everywhere and need none of this; numbers
/// for people are <see cref="NumberText"/>'s.
/// </summary>
internal static class InvariantText
{
    /// <summary>A value; a number in the fewest digits that read back exactly.</summary>
    public static string Of<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Values with something between them.</summary>
    public static string Join<T>(string separator, IEnumerable<T> values) => string.Join(separator, values.Select(value => Of(value)));
}

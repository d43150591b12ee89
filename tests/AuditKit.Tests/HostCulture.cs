using System.Globalization;
using System.Runtime.CompilerServices;

namespace AuditKit.Tests;

/// <summary>
/// A culture that writes numbers and dates as no name, key, evidence or report may have them. All tests run in it, so that each of
/// them fails where the engine follows its host: that text is invariant is a setting of the command line's application only.
/// </summary>
internal static class HostCulture
{
    /// <summary>Sets the culture of every thread before the first test.</summary>
    [ModuleInitializer]
    internal static void Use()
    {
        // By hand: where text is invariant, as in this program, there are no other cultures.
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat = new NumberFormatInfo
        {
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = ".",
            PercentDecimalSeparator = ",",
            NegativeSign = "\u2212",
            PositiveInfinitySymbol = "∞",
            NaNSymbol = "¤",
        };
        culture.DateTimeFormat.DateSeparator = ".";
        culture.DateTimeFormat.TimeSeparator = ".";
        CultureInfo.DefaultThreadCurrentCulture = culture;
    }

    /// <summary>What a function gives in the invariant culture.</summary>
    public static T Invariantly<T>(Func<T> function)
    {
        CultureInfo host = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return function();
        }
        finally
        {
            CultureInfo.CurrentCulture = host;
        }
    }
}

using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace AuditKit.Training.Libtorch;

/// <summary>What libtorch says of a failure, without where in its sources it says so.</summary>
internal static partial class LibtorchText
{
    /// <summary>The message on one line. What is no exception of libtorch's is left as it is.</summary>
    public static string Text(this Exception exception) =>
        exception is ExternalException ? Blanks().Replace(Origin().Replace(exception.Message, ""), " ").Trim() : exception.Message;

    // "Exception raised from meta at /pytorch/…/LinearAlgebra.cpp:204 (most recent call first):", then a line a frame.
    [GeneratedRegex(@"(^|\n)(Exception raised from |frame #0: ).*", RegexOptions.Singleline)]
    private static partial Regex Origin();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

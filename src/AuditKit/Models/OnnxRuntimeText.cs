using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Models;

/// <summary>What ONNX Runtime says of a failure, without where in its sources it says so.</summary>
internal static partial class OnnxRuntimeText
{
    /// <summary>The message on one line: error code, files, lines and functions taken out.</summary>
    public static string Text(this OnnxRuntimeException exception)
    {
        string text = Blanks().Replace(Location().Replace(ErrorCode().Replace(exception.Message, ""), ""), " ").Trim();
        return !IsOutOfMemory(exception) ? text
            : $"{text.TrimEnd('.')}. A model may use {(OnnxRuntimeSession.MostBytes + 1L) >> 30} GB for what it computes in between: "
                + "its padding, sizes or repeats are damaged, or its images too large.";
    }

    /// <summary>Whether a model failed for the memory that it asked for.</summary>
    /// <param name="failure">The failure, or what was made of it.</param>
    public static bool IsOutOfMemory(Exception? failure)
        => failure is OnnxRuntimeException ? Memory().IsMatch(failure.Message) : failure is not null && IsOutOfMemory(failure.InnerException);

    [GeneratedRegex(@"^\[ErrorCode:\w+\] ")]
    private static partial Regex ErrorCode();

    // /onnxruntime_src/…/model.cc:46 void onnxruntime::Model::Load(const std::string&, int) Text
    [GeneratedRegex(@"\S*onnxruntime_src\S*:\d+ .*?\) (?:const )?(?=\w)", RegexOptions.Singleline)]
    private static partial Regex Location();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("Available memory of|Failed to allocate memory|bad allocation|bad_alloc")]
    private static partial Regex Memory();
}

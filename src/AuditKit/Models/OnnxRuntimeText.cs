using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace AuditKit.Models;

/// <summary>What ONNX Runtime says of a failure, without where in its sources it says so.</summary>
internal static partial class OnnxRuntimeText
{
    /// <summary>The message on one line: error code, file, line and function taken out.</summary>
    public static string Text(this OnnxRuntimeException exception) =>
        Blanks().Replace(Location().Replace(exception.Message, ""), " ").Trim();

    // [ErrorCode:Fail] /onnxruntime_src/…/model.cc:46 void onnxruntime::Model::Load(const std::string&, int) Text
    [GeneratedRegex(@"^\[ErrorCode:\w+\] (\S+:\d+ .*?\) (?=[A-Z]))?", RegexOptions.Singleline)]
    private static partial Regex Location();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

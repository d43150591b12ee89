using System.Text.RegularExpressions;
using AuditKit.Results;

namespace AuditKit.Reports.Html;

/// <summary>A fact's value in pieces: digests are set in a face whose characters are compared easily.</summary>
internal static partial class FactValue
{
    /// <summary>The label and the pieces.</summary>
    public static Dictionary<string, object> Of(Fact fact) => new()
    {
        ["label"] = HtmlPage.Text(fact.Label),
        ["pieces"] = Pieces(HtmlPage.Text(fact.Value)).ToArray(),
    };

    private static IEnumerable<Dictionary<string, object>> Pieces(string value)
    {
        int done = 0;
        foreach (Match digest in Digests().Matches(value))
        {
            if (digest.Index > done)
            {
                yield return Piece(value[done..digest.Index], isDigest: false);
            }

            yield return Piece(digest.Value, isDigest: true);
            done = digest.Index + digest.Length;
        }

        if (done < value.Length)
        {
            yield return Piece(value[done..], isDigest: false);
        }
    }

    private static Dictionary<string, object> Piece(string text, bool isDigest) => new() { ["text"] = text, ["isDigest"] = isDigest };

    [GeneratedRegex(@"\b[0-9a-f]{32,}\b")]
    private static partial Regex Digests();
}

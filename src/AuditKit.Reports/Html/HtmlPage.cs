using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;

namespace AuditKit.Reports.Html;

/// <summary>
/// Pages and their pieces from the templates in this folder. Every value is escaped by the engine; what is markup already
/// says so in the template.
/// </summary>
internal static class HtmlPage
{
    private static readonly TemplateOptions s_options = new();
    private static readonly FluidParser s_parser = new();
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly ConcurrentDictionary<string, IFluidTemplate> s_templates = new(StringComparer.Ordinal);
    private static readonly string s_style = Resource("report.css");
    private static readonly string s_script = Resource("report.js");

    // No other script runs, whatever a name smuggles in; nothing is fetched.
    private static readonly string s_policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        + $"script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(s_script)))}'";

    /// <summary>A whole page.</summary>
    /// <param name="title">The window's title.</param>
    /// <param name="body">The template of what the page holds.</param>
    /// <param name="values">What the template prints.</param>
    public static string Write(string title, string body, Dictionary<string, object> values) => Render("page", new()
    {
        ["title"] = Text(title),
        ["policy"] = s_policy,
        ["style"] = s_style,
        ["script"] = s_script,
        ["body"] = Render(body, values),
    });

    /// <summary>A template's text with the values in it.</summary>
    public static string Render(string template, Dictionary<string, object> values)
    {
        var context = new TemplateContext(values, s_options);
        return s_templates.GetOrAdd(template, name => s_parser.Parse(Resource($"Templates.{name}.liquid"))).Render(context, s_encoder);
    }

    /// <summary>A text without what no page can hold, not even escaped.</summary>
    public static string Text(string text) => Markup.Legal(text);

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlPage).Assembly.GetManifestResourceStream($"AuditKit.Reports.Html.{name}")!;
        return new StreamReader(stream).ReadToEnd().ReplaceLineEndings("\n");
    }
}

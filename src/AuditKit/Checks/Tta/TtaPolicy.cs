using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuditKit.Data;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Checks.Tta;

/// <summary>
/// A policy of test-time augmentation: the list of sub-policies whose predictions are averaged, in the order in which
/// they were found, so that its first S are a policy for S model calls.
/// </summary>
/// <remarks>
/// Its file: <c>{"format": "auditkit-tta-policy", "version": 2, "origin": "…",
/// "searched-on": "…", "sub-policies": [{"operators": [{"operator": "rotate",
/// "magnitude": -12.5}, …], "crop-flip": true}, …]}</c>. A change that breaks a reader, or the meaning of an operator, raises the version.
/// </remarks>
/// <param name="SubPolicies">The sub-policies, at least one.</param>
/// <param name="Origin">Where the policy comes from, for the report: data, seed, criterion.</param>
public sealed record TtaPolicy(IReadOnlyList<SubPolicy> SubPolicies, string Origin)
{
    private const string Format = "auditkit-tta-policy";
    private const int Version = Augmentation.Edition;
    private const int MostBytes = 1 << 24;
    private const int MostSubPolicies = 1000;
    private const int MostSteps = 10;

    /// <summary>Eight digits of the SHA-256 of what the policy does, where it comes from left out.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((this with { Origin = "", SearchedOn = null }).ToJson())))[..8];

    /// <summary>The images that it was searched on, which no audit may judge it on; null where they are not known.</summary>
    public ImageDigests? SearchedOn { get; init; }

    /// <summary>Reads a policy file.</summary>
    /// <exception cref="AuditException">The file cannot be read, or is no policy of this version; the message names what is wrong.</exception>
    public static TtaPolicy Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw new AuditException($"{path} is over {MostBytes >> 20} MB, too large for a policy.");
            }

            return Parse(path, RegularFile.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{path} cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Reads the text of a policy file.</summary>
    /// <param name="name">The name that error messages give.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="AuditException">The text is no policy of this version.</exception>
    public static TtaPolicy Parse(string name, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            return Parse(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new AuditException($"{name} is no policy of test-time augmentation: {e.Message}", inner: e);
        }
    }

    /// <summary>Writes the policy file, all of it or nothing.</summary>
    /// <exception cref="AuditException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, ToJson());

    /// <summary>The text of the policy file.</summary>
    public string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteString("origin", Origin);
            if (SearchedOn is { } images)
            {
                json.WriteString("searched-on", images.ToString());
            }

            json.WriteStartArray("sub-policies");
            foreach (SubPolicy subPolicy in SubPolicies)
            {
                json.WriteStartObject();
                json.WriteStartArray("operators");
                foreach (PolicyStep step in subPolicy.Steps)
                {
                    json.WriteStartObject();
                    json.WriteString("operator", step.Augmentation.Name);
                    json.WriteNumber("magnitude", step.Magnitude);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteBoolean("crop-flip", subPolicy.CropFlip);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static TtaPolicy Parse(JsonElement root)
    {
        string? format = root.GetProperty("format").GetString();
        int version = root.GetProperty("version").GetInt32();
        if (format == Format && version < Version)
        {
            throw new FormatException(
                $"it is of version {version}, whose operators had other ranges, borders and no crop and flip after them. Search the policy again.");
        }

        if (format != Format || version != Version)
        {
            throw new FormatException($"expected \"format\": \"{Format}\" and \"version\": {Version}.");
        }

        SubPolicy[] subPolicies = [.. root.GetProperty("sub-policies").EnumerateArray().Select(entry => new SubPolicy(
            [.. entry.GetProperty("operators").EnumerateArray().Select(Step)], entry.GetProperty("crop-flip").GetBoolean()))];
        return subPolicies.Length is 0 or > MostSubPolicies || subPolicies.Any(subPolicy => subPolicy.Steps.Count > MostSteps)
            ? throw new FormatException($"a policy has 1 to {MostSubPolicies} sub-policies of at most {MostSteps} operators each.")
            : new(subPolicies, root.GetProperty("origin").GetString() ?? "")
            {
                SearchedOn = root.TryGetProperty("searched-on", out JsonElement images) ? ImageDigests.Parse(images.GetString() ?? "") : null,
            };
    }

    private static PolicyStep Step(JsonElement step)
    {
        string name = step.GetProperty("operator").GetString() ?? "";
        double magnitude = step.GetProperty("magnitude").GetDouble();
        return !Augmentation.All.TryGetValue(name, out Augmentation? augmentation)
            ? throw new FormatException($"'{name}' is no operator. There are {string.Join(", ", Augmentation.All.Keys)}.")
            : Math.Abs(magnitude) <= Augmentation.LargestMagnitude
            ? new PolicyStep(augmentation, magnitude)
            : throw new FormatException(FormattableString.Invariant(
                $"the magnitude of '{name}' must be between {-Augmentation.LargestMagnitude} and {Augmentation.LargestMagnitude}, not {magnitude}."));
    }
}

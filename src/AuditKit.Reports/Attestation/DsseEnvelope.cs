using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuditKit.Reports.Attestation;

/// <summary>A signed payload: the Dead Simple Signing Envelope, version 1 (secure-systems-lab/dsse).</summary>
/// <param name="PayloadType">The payload's media type.</param>
/// <param name="Payload">The bytes that are signed.</param>
/// <param name="Signatures">Signatures, each with the id of its key, which is a hint and no proof.</param>
public sealed record DsseEnvelope(string PayloadType, byte[] Payload, IReadOnlyList<(string KeyId, byte[] Signature)> Signatures)
{
    /// <summary>Signs a payload.</summary>
    public static DsseEnvelope Sign(string payloadType, byte[] payload, EcdsaKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new DsseEnvelope(payloadType, payload, [(key.Id, key.Sign(PreAuthenticationEncoding(payloadType, payload)))]);
    }

    /// <summary>Reads an envelope.</summary>
    /// <exception cref="FormatException">The bytes are no envelope.</exception>
    public static DsseEnvelope Parse(byte[] json)
    {
        try
        {
            // A key given twice is read by some as the first and by others as the last.
            JsonNode root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!;
            return new DsseEnvelope(
                root["payloadType"]!.GetValue<string>(),
                Convert.FromBase64String(root["payload"]!.GetValue<string>()),
                [.. root["signatures"]!.AsArray().Select(one
                    => (one!["keyid"]?.GetValue<string>() ?? "", Convert.FromBase64String(one["sig"]!.GetValue<string>())))]);
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException("This is no DSSE envelope.", e);
        }
    }

    /// <summary>Whether any of the signatures is the key's.</summary>
    public bool IsSignedBy(EcdsaKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        byte[] message = PreAuthenticationEncoding(PayloadType, Payload);
        return Signatures.Any(one => key.Verify(message, one.Signature));
    }

    /// <summary>The envelope as JSON.</summary>
    public byte[] ToJson()
    {
        var root = new JsonObject
        {
            ["payloadType"] = PayloadType,
            ["payload"] = Convert.ToBase64String(Payload),
            ["signatures"] = new JsonArray([.. Signatures
                .Select(one => new JsonObject { ["keyid"] = one.KeyId, ["sig"] = Convert.ToBase64String(one.Signature) })]),
        };
        return Encoding.UTF8.GetBytes(root.ToJsonString() + "\n");
    }

    /// <summary>What is signed: <c>DSSEv1 LEN(type) type LEN(payload) payload</c>, lengths in bytes as decimal numbers.</summary>
    internal static byte[] PreAuthenticationEncoding(string payloadType, byte[] payload)
        => [.. Encoding.UTF8.GetBytes($"DSSEv1 {Encoding.UTF8.GetByteCount(payloadType)} {payloadType} {payload.Length} "), .. payload];
}

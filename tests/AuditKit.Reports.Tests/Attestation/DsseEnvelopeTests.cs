using System.Security.Cryptography;
using System.Text;
using AuditKit.Reports.Attestation;

namespace AuditKit.Reports.Tests.Attestation;

public sealed class DsseEnvelopeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("auditkit-dsse-").FullName;

    [Fact]
    public void What_is_signed_is_the_encoding_that_the_protocol_prints()
        // The example in DSSE's own protocol description.
        => Assert.Equal("DSSEv1 29 http://example.com/HelloWorld 11 hello world",
            Encoding.UTF8.GetString(DsseEnvelope.PreAuthenticationEncoding("http://example.com/HelloWorld", "hello world"u8.ToArray())));

    [Fact]
    public void OpenSSL_accepts_the_signature()
    {
        (string priv, string pub) = Keys();
        using EcdsaKey key = EcdsaKey.Load(priv, toSign: true);
        DsseEnvelope envelope = DsseEnvelope.Parse(DsseEnvelope.Sign("text/plain", "payload"u8.ToArray(), key).ToJson());
        (string message, string signature) = (Path.Combine(_folder, "message"), Path.Combine(_folder, "signature"));
        File.WriteAllBytes(message, DsseEnvelope.PreAuthenticationEncoding("text/plain", "payload"u8.ToArray()));
        File.WriteAllBytes(signature, envelope.Signatures.Single().Signature);
        (int status, string output) = Tool.Run("openssl", "dgst", "-sha256", "-verify", pub, "-signature", signature, message);
        Assert.True(status == 0, output);
    }

    [Fact]
    public void A_changed_payload_type_or_key_is_found()
    {
        (string priv, string pub) = Keys();
        using EcdsaKey key = EcdsaKey.Load(priv, toSign: true);
        using EcdsaKey reader = EcdsaKey.Load(pub, toSign: false);
        using EcdsaKey other = EcdsaKey.Load(Keys("other").Private, toSign: false);
        DsseEnvelope envelope = DsseEnvelope.Sign("text/plain", "payload"u8.ToArray(), key);
        Assert.True(envelope.IsSignedBy(reader));
        Assert.Equal(reader.Id, envelope.Signatures.Single().KeyId);
        Assert.False(envelope.IsSignedBy(other));
        Assert.False((envelope with { Payload = "Payload"u8.ToArray() }).IsSignedBy(reader));
        Assert.False((envelope with { PayloadType = "text/html" }).IsSignedBy(reader));
        Assert.False((envelope with { Signatures = [] }).IsSignedBy(reader));
    }

    [Theory]
    [InlineData("nistP384", "P-256")]
    [InlineData("none", "no private ECDSA key")]
    [InlineData("public", "no private ECDSA key")]
    [InlineData("missing", "cannot be read")]
    public void A_key_that_cannot_sign_is_refused_with_advice(string kind, string expected)
    {
        string path = kind == "public" ? Keys().Public : Path.Combine(_folder, kind);
        if (kind == "nistP384")
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            File.WriteAllText(path, key.ExportECPrivateKeyPem());
        }
        else if (kind == "none")
        {
            File.WriteAllText(path, "no key");
        }

        AuditException e = Assert.Throws<AuditException>(() => EcdsaKey.Load(path, toSign: true));
        Assert.Equal(ExitCode.Usage, e.ExitCode);
        Assert.Contains(expected, e.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"payloadType":"t","payload":"%%%","signatures":[]}""")]
    [InlineData("""{"payloadType":1,"payload":"","signatures":{}}""")]
    public void What_is_no_envelope_is_refused(string json)
        => Assert.Throws<FormatException>(() => DsseEnvelope.Parse(Encoding.UTF8.GetBytes(json)));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (string Private, string Public) Keys(string name = "key")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (string priv, string pub) = (Path.Combine(_folder, name + ".pem"), Path.Combine(_folder, name + ".pub.pem"));
        File.WriteAllText(priv, key.ExportECPrivateKeyPem());
        File.WriteAllText(pub, key.ExportSubjectPublicKeyInfoPem());
        return (priv, pub);
    }
}

using System.Security.Cryptography;

namespace AuditKit.Reports.Attestation;

/// <summary>A key on the curve P-256, from the user's PEM file: private for signing, private or public for verifying.</summary>
public sealed class EcdsaKey : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int MostBytes = 1 << 16;

    private readonly ECDsa _key;

    private EcdsaKey(ECDsa key) => _key = key;

    /// <summary>What the signature's reader can find the public key by: SHA-256 of its SubjectPublicKeyInfo, lower-case hex.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()));

    /// <summary>Reads a PEM file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="toSign">Whether the private key has to be there.</param>
    /// <exception cref="AuditException">The file cannot be read, holds no such key, or one on another curve.</exception>
    public static EcdsaKey Load(string path, bool toSign)
    {
        var key = ECDsa.Create();
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw new AuditException($"{path} is too large for a key in PEM.");
            }

            string pem = RegularFile.ReadAllText(path);
            if (pem.Contains("ENCRYPTED", StringComparison.Ordinal))
            {
                throw new AuditException($"{path} is protected by a password. Decrypt it first: openssl ec -in {path} -out plain.pem");
            }

            key.ImportFromPem(pem);
            ECParameters parameters = key.ExportParameters(includePrivateParameters: toSign);
            // Curves written out by their parameters have no name, and some have been made to forge signatures by.
            return !parameters.Curve.IsNamed ? throw Refused(path, "spells out the parameters of its curve instead of naming it")
                : parameters.Curve.Oid.Value == P256 ? new EcdsaKey(key)
                : throw Refused(path, $"is on the curve {parameters.Curve.Oid.FriendlyName ?? parameters.Curve.Oid.Value}");
        }
        catch (Exception e)
        {
            key.Dispose();
            throw e switch
            {
                IOException or UnauthorizedAccessException => new AuditException($"{path} cannot be read: {e.Message}", inner: e),
                ArgumentException or CryptographicException => new AuditException(
                    $"{path} holds no {(toSign ? "private " : "")}ECDSA key in PEM. Make a pair: openssl ecparam -name prime256v1 -genkey "
                        + "-noout -out key.pem; openssl ec -in key.pem -pubout -out public.pem", inner: e),
                PlatformNotSupportedException => Refused(path, "is on a curve that is not known here", e),
                _ => e,
            };
        }
    }

    private static AuditException Refused(string path, string why, Exception? inner = null) => new(
        $"{path} holds a key that {why}; AuditKit signs with P-256: openssl ecparam -name prime256v1 -genkey -noout -out key.pem", inner: inner);

    /// <summary>Signs: ECDSA over SHA-256, in DER.</summary>
    public byte[] Sign(byte[] message) => _key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>Whether a signature in DER is this key's on the message.</summary>
    public bool Verify(byte[] message, byte[] signature)
        => _key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}

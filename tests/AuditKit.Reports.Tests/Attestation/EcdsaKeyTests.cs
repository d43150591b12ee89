using System.Security.Cryptography;
using AuditKit.Reports.Attestation;

namespace AuditKit.Reports.Tests.Attestation;

public sealed class EcdsaKeyTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_key_that_spells_out_its_curve_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var spelt = ECDsa.Create(key.ExportExplicitParameters(includePrivateParameters: true));
        File.WriteAllText(_path, spelt.ExportECPrivateKeyPem());
        Assert.Contains("spells out", Assert.Throws<AuditException>(() => EcdsaKey.Load(_path, toSign: true)).Message);
    }

    [Fact]
    public void A_key_on_a_curve_that_nobody_knows_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] bytes = key.ExportECPrivateKey();
        int at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]);
        bytes[at + 2] = 0x06;
        File.WriteAllText(_path, PemEncoding.WriteString("EC PRIVATE KEY", bytes));
        Assert.Contains("P-256", Assert.Throws<AuditException>(() => EcdsaKey.Load(_path, toSign: true)).Message);
    }
}

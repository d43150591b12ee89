using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using AuditKit.Models.Onnx;

namespace AuditKit.Training.Backbones;

/// <summary>Where fetched backbones lie: in a folder of the user's, a folder a backbone.</summary>
public static class BackboneFolder
{
    private const string Model = "model.onnx", Package = "package.nuspec";

    /// <summary>A backbone's folder, whether it is there or not: <c>~/.local/share/auditkit/resnet18-imagenet-0.23.1</c> on Linux.</summary>
    /// <exception cref="AuditException">The user has no folder for data.</exception>
    public static string Of(ReferenceBackbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? Path.Combine(data, "auditkit", $"{backbone.Name}-{backbone.Version}")
            : throw new AuditException($"{backbone.Name} has no place: set HOME, or name a file of your own with features: PATH.", ExitCode.Error);
    }

    /// <summary>Whether a backbone can be opened without fetching anything.</summary>
    public static bool IsThere(ReferenceBackbone backbone) => File.Exists(Path.Combine(Of(backbone), Model));

    /// <summary>Reads a backbone's network, if it is the one that is listed.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="folder">The folder that it was fetched into.</param>
    /// <exception cref="AuditException">Its digest or its package's licence is another one, or it cannot be read.</exception>
    public static Graph Read(ReferenceBackbone backbone, string folder)
    {
        Require(backbone, folder);
        return OnnxFile.Read(Path.Combine(folder, Model));
    }

    /// <summary>Refuses a network that is not the one that is listed.</summary>
    /// <param name="backbone">The backbone.</param>
    /// <param name="folder">The folder that it was fetched into.</param>
    /// <exception cref="AuditException">Its digest or its package's licence is another one, or it cannot be read.</exception>
    public static void Require(ReferenceBackbone backbone, string folder)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        string licence = Licence(Path.Combine(folder, Package));
        if (licence != backbone.Licence)
        {
            throw new AuditException(
                $"{folder}: the package of {backbone.Name} has the licence '{licence}', and '{backbone.Licence}' is listed. It is not used.");
        }

        // Of the bytes, before anything parses them: a damaged file is said to be another one, and not to be no ONNX model.
        string file = Path.Combine(folder, Model), sha256 = Digest(file, folder);
        if (sha256 != backbone.Sha256)
        {
            throw new AuditException($"{file} is not {backbone.Name}: its SHA-256 is {sha256}, and {backbone.Sha256} is listed. Delete "
                + $"{folder} to have it fetched again.");
        }
    }

    private static string Digest(string file, string folder)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{file} cannot be read: {e.Message} Delete {folder} to have it fetched again.", inner: e);
        }
    }

    private static string Licence(string nuspec)
    {
        try
        {
            return XDocument.Load(nuspec).Descendants().FirstOrDefault(element => element.Name.LocalName == "license")?.Value ?? "none";
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            throw new AuditException($"{nuspec} cannot be read: {e.Message} Delete its folder to have it fetched again.", inner: e);
        }
    }
}

using AuditKit.Imaging;

namespace AuditKit.Models.Metadata;

/// <summary><c>config.json</c> of timm: what its weights were trained with, and the names of the classes.</summary>
internal static class TimmConfig
{
    /// <summary>The note; null where there is no such file, or it is not timm's.</summary>
    /// <exception cref="AuditException">It cannot be read, or a value makes no sense.</exception>
    public static ModelNote? Read(string folder)
    {
        if (NoteFile.Json(Path.Combine(folder, HuggingFaceConfig.FileName)) is not { } config || !(config.Has("pretrained_cfg") || config.Has("input_size")))
        {
            return null;
        }

        // Older files have the same keys at their root.
        NoteObject trained = config.Object("pretrained_cfg") ?? config;
        List<string> remarks = [];
        ModelNote note = Sized(trained, remarks) with
        {
            Range = PixelRange.Unit,
            Mean = trained.Numbers("mean", -10, 10),
            Std = trained.Numbers("std", 1e-6, 10),
            Classes = config.Has("label_names") ? config.Names("label_names") : trained.Names("label_names"),
        };
        if (note.Mean.Count != note.Std.Count)
        {
            throw new AuditException($"{config.Path}: 'mean' has {note.Mean.Count} and 'std' {note.Std.Count} values.");
        }

        if (note.SaysSize && trained.Text("interpolation") is { } filter and not "bilinear")
        {
            remarks.Add($"{config.Path}: 'interpolation' asks for {filter}, but AuditKit scales bilinearly: answers may differ a little.");
        }

        return note with { Remarks = remarks };
    }

    private static ModelNote Sized(NoteObject trained, List<string> remarks)
    {
        var note = new ModelNote($"{HuggingFaceConfig.FileName} (timm)");
        if (trained.Numbers("input_size", 1, 16_384) is not [var channels, var height, var width])
        {
            return note;
        }

        var input = new InputShape((int)channels, (int)height, (int)width);
        string mode = trained.Text("crop_mode") ?? "center";
        if (mode is not ("center" or "squash") || height != width)
        {
            remarks.Add($"{trained.Path}: 'crop_mode' is {mode} for images of {height}×{width} pixels, which a spec cannot say.");
            return note with { Input = input };
        }

        // As timm rounds it.
        int scaled = (int)Math.Floor(height / (trained.Number("crop_pct", 0.01, 1) ?? 0.875));
        return note with { Input = input, Resize = scaled, Crop = true, Stretch = mode == "squash" };
    }
}

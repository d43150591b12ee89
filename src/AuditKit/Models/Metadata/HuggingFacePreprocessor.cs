namespace AuditKit.Models.Metadata;

/// <summary>
/// <c>preprocessor_config.json</c> of Hugging Face's Transformers: how its image processors scale, cut and normalise. What is absent
/// has the default that most of them share.
/// </summary>
internal static class HuggingFacePreprocessor
{
    private const string FileName = "preprocessor_config.json";
    private const int LargestSide = 16_384;
    private const int Bilinear = 2;

    /// <summary>The note; null where there is no such file.</summary>
    /// <exception cref="AuditException">It cannot be read, or a value makes no sense.</exception>
    public static ModelNote? Read(string folder) => NoteFile.Json(Path.Combine(folder, FileName)) is { } config ? Of(config) : null;

    private static ModelNote Of(NoteObject config)
    {
        List<string> remarks = [];
        bool normalises = config.Flag("do_normalize") ?? config.Has("image_mean");
        ModelNote note = Sized(config, remarks) with
        {
            Channels = config.Flag("do_flip_channel_order") == true ? ChannelOrder.Bgr : null,
            Range = Range(config),
            Mean = normalises ? config.Numbers("image_mean", -255, 255) : [],
            Std = normalises ? config.Numbers("image_std", 1e-6, 2550) : [],
        };
        if (note.Mean.Count != note.Std.Count)
        {
            throw new AuditException($"{config.Path}: 'image_mean' has {note.Mean.Count} and 'image_std' {note.Std.Count} values.");
        }

        if (note.Resize is not null || note.Stretch)
        {
            Filter(config, remarks);
        }

        return note with { Remarks = remarks };
    }

    // 1/255 and 1/127.5 less 1 are all that its processors have.
    private static PixelRange Range(NoteObject config)
    {
        if (config.Flag("do_rescale") == false)
        {
            return PixelRange.Bytes;
        }

        double white = 255 * (config.Number("rescale_factor", 1e-6, 1) ?? 1 / 255.0);
        return Math.Abs(white - 1) < 1e-3 ? PixelRange.Unit
            : Math.Abs(white - 255) < 1e-3 ? PixelRange.Bytes
            : Math.Abs(white - 2) < 1e-3 && config.Flag("rescale_offset") == true ? PixelRange.Signed
            : throw config.Wrong("rescale_factor", "1/255, 1, or 1/127.5 with 'rescale_offset'");
    }

    private static ModelNote Sized(NoteObject config, List<string> remarks)
    {
        (int? height, int? width, int? shorter, bool isBare) = Size(config, "size");
        bool crops = config.Flag("do_center_crop") == true;
        (int? cropHeight, int? cropWidth, int? cropSide, _) = crops ? Size(config, "crop_size") : default;
        var note = new ModelNote(FileName);
        if (config.Number("crop_pct", 0.01, 1) is { } share && shorter is { } side)
        {
            // ConvNeXt's: below 384 pixels a margin is cut off, from there on images are stretched.
            note = side < 384 ? note with { Resize = (int)(side / share), Crop = true, Input = new(3, side, side) }
                : note with { Stretch = true, Input = new(3, side, side) };
        }
        else
        {
            bool resizes = config.Flag("do_resize") ?? true;
            // A bare number is the shorter side where the centre is cut out, and both sides where it is not.
            bool stretches = resizes && (height is not null || (isBare && !crops));
            int? length = stretches ? height ?? shorter : shorter;
            if (stretches && crops && height != width)
            {
                remarks.Add($"{config.Path}: 'size' has two lengths and the centre is cut out, which a spec cannot say.");
            }

            (int? inputHeight, int? inputWidth) = crops ? (cropHeight ?? cropSide, cropWidth ?? cropSide) : (height ?? shorter, width ?? shorter);
            note = note with
            {
                Input = inputHeight is { } h && inputWidth is { } w ? new(3, h, w) : null,
                Resize = !resizes || (stretches && !crops) ? null : length,
                Crop = crops,
                Stretch = stretches,
            };
        }

        return note;
    }

    // 224, { "height": 224, "width": 224 } or { "shortest_edge": 224 }.
    private static (int? Height, int? Width, int? Shorter, bool IsBare) Size(NoteObject config, string name)
    {
        if (!config.Has(name))
        {
            return default;
        }

        if (config.Element.GetProperty(name).ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            return (null, null, config.Integer(name, 1, LargestSide), true);
        }

        NoteObject size = config.Object(name)!;
        return (size.Integer("height", 1, LargestSide), size.Integer("width", 1, LargestSide), size.Integer("shortest_edge", 1, LargestSide), false);
    }

    private static void Filter(NoteObject config, List<string> remarks)
    {
        if (config.Integer("resample", 0, 5) is { } filter and not Bilinear)
        {
            string name = filter switch { 0 => "the nearest pixel", 1 => "Lanczos' filter", 3 => "a bicubic filter", 4 => "a box", _ => "Hamming's filter" };
            remarks.Add($"{config.Path}: 'resample' asks for {name}, but AuditKit scales bilinearly: answers may differ a little.");
        }
    }
}

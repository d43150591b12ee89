using System.Text.Json;
using AuditKit.Imaging;
using Parquet;
using Parquet.Schema;

namespace AuditKit.Data;

/// <summary>What Parquet files say of their images, which go into a <see cref="ParquetTree"/>.</summary>
internal sealed class ParquetList
{
    // What one column of a row group may need of memory.
    private const long MaxChunkSize = 1L << 31;

    // Where Hugging Face keeps the features, the names of classes among them.
    private const string Features = "huggingface";

    private static readonly string[] s_images = ["image", "img", "picture", "photo"];

    private readonly IFileTree _source;
    private readonly ListColumns _columns;
    private readonly ParquetTree _into;
    private readonly List<ListEntry> _entries = [];
    private int _inFile;
    private string[]? _attributes;
    private string[] _classes = [];

    private ParquetList(IFileTree source, ListColumns columns, ParquetTree into) => (_source, _columns, _into) = (source, columns, into);

    /// <summary>Reads files that belong together.</summary>
    /// <exception cref="AuditException">A file is damaged or too large, or has no images or labels.</exception>
    public static ImageList Read(IFileTree source, IReadOnlyList<string> files, ListColumns columns, ParquetTree into)
    {
        var list = new ParquetList(source, columns, into);
        foreach (string file in files)
        {
            list.Add(file);
        }

        return new ImageList(into.Path, [], list._attributes!, list._entries) { Classes = list._classes };
    }

    private void Add(string file)
    {
        string name = _source.FullName(file);
        _inFile = 0;
        FilePart part = _source.Open(file);
        using (part.Handle)
        {
            try
            {
                using var stream = new FilePartStream(part, 0, part.Length);
                AddAsync(stream, file, name).GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is not AuditException)
            {
                // Whatever the reader says of bytes that it cannot follow, it is the file that is damaged.
                throw new AuditException($"{name}: truncated or corrupt Parquet file: {e.Message.TrimEnd('.')}. Download or "
                    + "write it again.", ExitCode.Usage, e);
            }
        }
    }

    private async Task AddAsync(Stream stream, string file, string name)
    {
        ParquetReader reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            DataField[] fields = [.. reader.Schema.GetDataFields()];
            DataField image = ImageField(fields, name);
            DataField? original = fields.FirstOrDefault(field => field.Path.Length == 2 && field.Path.FirstPart == image.Path.FirstPart && field.Name == "path"
                && ParquetColumn.IsText(field));
            DataField[] scalars = [.. fields.Where(field => field.Path.Length == 1 && field != image && ParquetColumn.IsCell(field))];
            DataField label = Label(scalars, name);
            DataField[] attributes = [.. scalars.Where(field => field != label)];
            string[] names = [.. attributes.Select(field => field.Name)];
            if (_attributes is not null && !_attributes.SequenceEqual(names))
            {
                throw new AuditException($"{name}: has other columns than the file before it: {string.Join(", ", names)}, not "
                    + $"{string.Join(", ", _attributes)}.");
            }

            _attributes = names;
            _classes = reader.CustomMetadata?.GetValueOrDefault(Features) is { } features ? Classes(features, label.Name) : [];
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
                await AddRows(rows, stream.Length, file, name, image, original, label, attributes).ConfigureAwait(false);
            }
        }
    }

    private async Task AddRows(
        ParquetRowGroupReader rows, long size, string file, string name, DataField image, DataField? original, DataField label, DataField[] attributes)
    {
        foreach (DataField field in (DataField[])[image, label, .. attributes])
        {
            long unpacked = rows.GetMetadata(field)?.MetaData?.TotalUncompressedSize ?? 0;
            if (unpacked > Math.Min(MaxChunkSize, UnpackLimit.Of(size)) || rows.RowCount > size)
            {
                throw new AuditException($"{name}: a row group of {rows.RowCount} rows whose column '{field.Name}' claims {unpacked} bytes "
                    + "is too large to be read. Write the file in smaller row groups.");
            }
        }

        byte[]?[] images = await ParquetColumn.Bytes(rows, image).ConfigureAwait(false);
        string[] labels = await ParquetColumn.Cells(rows, label).ConfigureAwait(false);
        string[]? paths = original is null ? null : await ParquetColumn.Cells(rows, original).ConfigureAwait(false);
        var values = new List<string[]>();
        foreach (DataField attribute in attributes)
        {
            values.Add(await ParquetColumn.Cells(rows, attribute).ConfigureAwait(false));
        }

        for (int row = 0; row < images.Length; row++)
        {
            string where = $"{name}: row {++_inFile}";
            if (images[row] is not { Length: > 0 } bytes)
            {
                throw new AuditException($"{where}: has no image's bytes; files that only name their images are not read.");
            }

            if (labels[row].Length == 0 || labels[row] == "-1")
            {
                throw new AuditException($"{where}: has no label.");
            }

            // The name that it had, for whoever looks for it; the row's number makes it the only one.
            string ending = paths is null || !ImageFile.HasImageName(paths[row]) ? "" : $"-{Path.GetFileName(paths[row])}";
            string path = $"{Path.GetFileNameWithoutExtension(file)}/{_inFile}{ending}";
            _into.Add(path, bytes);
            _entries.Add(new ListEntry(name, _inFile, path, labels[row], [.. values.Select(column => column[row])]) { HasLine = false });
        }
    }

    private DataField ImageField(DataField[] fields, string name)
    {
        DataField[] bytes = [.. fields.Where(field => ParquetColumn.IsBytes(field)
            && (field.Path.Length == 1 || (field.Path.Length == 2 && field.Name == "bytes")))];
        return (_columns.Path is { } named ? bytes.FirstOrDefault(field => field.Path.FirstPart == named)
            : s_images.Select(usual => bytes.FirstOrDefault(field => field.Path.FirstPart == usual)).FirstOrDefault(field => field is not null)
            ?? (bytes is [var only] ? only : null))
            ?? throw new AuditException($"{name} has no column {(_columns.Path is { } column ? $"'{column}' " : "")}of images' bytes; it has "
                + $"{Header(fields)}. Say which it is: columns: {{ path: … }}");
    }

    private DataField Label(DataField[] scalars, string name)
    {
        string[] header = [.. scalars.Select(field => field.Name)];
        return _columns.LabelIn(header) is { } label ? scalars.First(field => field.Name == label) : throw new AuditException(
            $"{name} has no column '{_columns.Label ?? "label"}' of one label a row; it has {string.Join(", ", header)}. Say which it is: "
                + $"columns: {{ label: … }}");
    }

    private static string Header(DataField[] fields) => string.Join(", ", fields.Select(field => field.Path.FirstPart).Distinct());

    // {"info": {"features": {"label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}}}
    private static string[] Classes(string features, string label)
    {
        try
        {
            using var document = JsonDocument.Parse(features);
            JsonElement? found = document.RootElement;
            foreach (string key in (string[])["info", "features", label, "names"])
            {
                found = found is { } parent ? JsonListFile.Value(parent, key) : null;
            }

            return found is { ValueKind: JsonValueKind.Array } names ? [.. names.EnumerateArray().Select(JsonListFile.Text)] : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}

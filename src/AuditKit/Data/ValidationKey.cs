using System.Text.Json.Nodes;
using AuditKit.Yaml;

namespace AuditKit.Data;

/// <summary>What a recipe keeps back: a share of its training images (<c>validation: 0.1</c>), or data of its own
/// (<c>validation: { split: val }</c>).</summary>
internal sealed class ValidationKey() : SpecKey("validation", "The images that the epoch is chosen by: a share of every group's training images, or "
    + "data of their own, which is the training data but for the keys given here")
{
    /// <summary>The keys of data of its own.</summary>
    private static readonly IReadOnlyList<SpecKey> s_block =
    [
        new TextKey("split", "The split"),
        new TextKey("path", "A folder, an archive or a file, where it is not the training data's"),
        new IntegerKey("limit", "How many images, counted from the first", null, 1, int.MaxValue),
    ];

    private static readonly NumberKey s_share = new("validation", "The share", 0.1, 0.001, 0.9);

    /// <summary>The share; null where the key names data.</summary>
    public double? ReadShare(SpecMap map) => map.IsMapping(Key) ? null : s_share.Read(map);

    /// <summary>The data; null where the key is a share.</summary>
    public DataSpec? ReadData(SpecMap map, DataSpec training, string folder) => map.IsMapping(Key) ? training.Elsewhere(map.Map(Key), folder) : null;

    /// <inheritdoc/>
    protected override JsonObject Values() => new() { ["anyOf"] = new JsonArray(Without(s_share.Schema()), Block(s_block)) };

    private static JsonObject Without(JsonObject schema)
    {
        schema.Remove("description");
        return schema;
    }
}

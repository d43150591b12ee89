namespace AuditKit.Data;

/// <summary>Which images of a data set a shard reads.</summary>
/// <param name="Owners">The shard, from 0, that measures each image, by index.</param>
/// <param name="Shown">Which images it reads whoever measures them, by index.</param>
internal readonly record struct DealtImages(int[] Owners, bool[] Shown);

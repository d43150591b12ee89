namespace AuditKit.Training.Tests.Libtorch;

/// <summary>Tests that count the process's memory, or keep its collector busy: nothing runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

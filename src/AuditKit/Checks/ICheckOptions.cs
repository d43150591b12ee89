namespace AuditKit.Checks;

/// <summary>What is asked of a check, read from a spec or built in code: everything but what depends on the data.</summary>
public interface ICheckOptions
{
    /// <summary>The check.</summary>
    CheckDescriptor Descriptor { get; }

    /// <summary>The check and its analysis for data with such attributes.</summary>
    /// <param name="attributes">The attributes that come with the data (<see cref="Data.IDataset.Attributes"/>).</param>
    /// <exception cref="AuditException">The options name an attribute that the data has not.</exception>
    PlannedCheck Bind(IReadOnlyList<string> attributes);
}

namespace AuditKit.Models;

/// <summary>
/// Opens models for an audit: the audited one, and further ones that a check compares it with. It stands between the
/// engine, which needs no gradients to measure, and libtorch, which has them.
/// </summary>
public interface IModelSource
{
    /// <summary>Opens a model for inference.</summary>
    /// <exception cref="AuditException">The file is no model, or no classifier.</exception>
    AuditedModel Open(ModelSpec model);

    /// <summary>Opens a model that was opened before for gradients with respect to its input.</summary>
    /// <exception cref="AuditException">The model is no ONNX graph, or has an operator that has no gradient here.</exception>
    IGradientModel OpenGradients(AuditedModel model);

    /// <summary>Opens a copy of a model that was opened before, which adapts itself to what it is shown; the model stays as it is.</summary>
    /// <exception cref="AuditException">
    /// The model is no ONNX graph, has no batch norm or a fixed batch size, or has an operator that has no gradient here.
    /// </exception>
    IAdaptedModel OpenAdapted(AuditedModel model, Adaptation adaptation);

    /// <summary>SHA-256 of a model's files as they are now, as <see cref="Open"/> gives it.</summary>
    /// <exception cref="AuditException">A file cannot be read or is no model.</exception>
    string Digest(ModelSpec model);
}

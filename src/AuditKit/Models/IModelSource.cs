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

    /// <summary>Opens a model for gradients with respect to its input.</summary>
    /// <exception cref="AuditException">The file is no ONNX model, or has an operator that has no gradient here.</exception>
    IGradientModel OpenGradients(ModelSpec model);
}

using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Where both are equal.</summary>
        public Tensor eq(Tensor target) => Call("eq.Tensor", this, target);

        /// <summary>Where both are equal.</summary>
        public Tensor eq(Scalar target) => Call("eq.Scalar", this, target);

        /// <summary>Where they differ.</summary>
        public Tensor ne(Tensor target) => Call("ne.Tensor", this, target);

        /// <summary>Where they differ.</summary>
        public Tensor ne(Scalar target) => Call("ne.Scalar", this, target);

        /// <summary>Where this is smaller.</summary>
        public Tensor lt(Tensor target) => Call("lt.Tensor", this, target);

        /// <summary>Where this is smaller.</summary>
        public Tensor lt(Scalar target) => Call("lt.Scalar", this, target);

        /// <summary>Where this is larger.</summary>
        public Tensor gt(Tensor target) => Call("gt.Tensor", this, target);

        /// <summary>Where this is larger.</summary>
        public Tensor gt(Scalar target) => Call("gt.Scalar", this, target);

        /// <summary>Where this is not larger.</summary>
        public Tensor le(Tensor target) => Call("le.Tensor", this, target);

        /// <summary>Where this is not larger.</summary>
        public Tensor le(Scalar target) => Call("le.Scalar", this, target);

        /// <summary>Where this is not smaller.</summary>
        public Tensor ge(Tensor target) => Call("ge.Tensor", this, target);

        /// <summary>Where this is not smaller.</summary>
        public Tensor ge(Scalar target) => Call("ge.Scalar", this, target);

        /// <summary>Where both are not 0.</summary>
        public Tensor logical_and(Tensor other) => Call("logical_and", this, other);

        /// <summary>Where either is not 0.</summary>
        public Tensor logical_or(Tensor other) => Call("logical_or", this, other);

        /// <summary>Where exactly one is not 0.</summary>
        public Tensor logical_xor(Tensor other) => Call("logical_xor", this, other);

        /// <summary>Both bits, or truth values.</summary>
        public Tensor bitwise_and(Tensor other) => Call("bitwise_and.Tensor", this, other);

        /// <summary>Either bit, or truth value.</summary>
        public Tensor bitwise_or(Tensor other) => Call("bitwise_or.Tensor", this, other);

        /// <summary>Exactly one bit, or truth value.</summary>
        public Tensor bitwise_xor(Tensor other) => Call("bitwise_xor.Tensor", this, other);

        /// <summary>The larger of both, NaN where either is.</summary>
        public Tensor maximum(Tensor other) => Call("maximum", this, other);

        /// <summary>The smaller of both, NaN where either is.</summary>
        public Tensor minimum(Tensor other) => Call("minimum", this, other);

        /// <summary>This, moved to the nearest value in [min, max]; null is no limit.</summary>
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Call("clamp", this, min, max);

        /// <summary>This, moved to the nearest value in [min, max]; null is no limit.</summary>
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Call("clamp.Tensor", this, min, max);

        /// <summary>Moves every element to the nearest value in [min, max]; null is no limit.</summary>
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Mutate("clamp_", this, min, max);

        /// <summary>Moves every element to the nearest value in [min, max]; null is no limit.</summary>
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Mutate("clamp_.Tensor", this, min, max);

        /// <summary>This where it is smaller than max, else max.</summary>
        public Tensor clamp_max(Scalar max) => Call("clamp_max", this, max);

        /// <summary>This where it is larger than min, else min.</summary>
        public Tensor clamp_min(Scalar min) => Call("clamp_min", this, min);

        /// <summary>This where the condition holds, y elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => torch.where(condition, this, y);

        /// <summary>Where both differ by at most atol + rtol · |other|.</summary>
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Call("isclose", this, other, rtol, atol, nanEqual);

        /// <summary>Whether no element differs by more than atol + rtol · |target|.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            CallScalar("allclose", this, target, rtol, atol, equal_nan).ToBoolean();
    }
}

using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The sum.</summary>
        public Tensor add(Tensor target) => Call("add.Tensor", this, target);

        /// <summary>The sum.</summary>
        public Tensor add(Scalar scalar) => Call("add.Scalar", this, scalar);

        /// <summary>The sum, in place.</summary>
        public Tensor add_(Tensor target) => Mutate("add_.Tensor", this, target);

        /// <summary>The sum, in place.</summary>
        public Tensor add_(Scalar scalar) => Mutate("add_.Scalar", this, scalar);

        /// <summary>The sum with <paramref name="alpha"/> times the second term.</summary>
        public Tensor add(Tensor target, Scalar alpha) => Call("add.Tensor", this, target, alpha);

        /// <summary>The sum with <paramref name="alpha"/> times the second term, in place.</summary>
        public Tensor add_(Tensor target, Scalar alpha) => Mutate("add_.Tensor", this, target, alpha);

        /// <summary>The difference.</summary>
        public Tensor sub(Tensor target) => Call("sub.Tensor", this, target);

        /// <summary>The difference.</summary>
        public Tensor sub(Scalar target) => Call("sub.Scalar", this, target);

        /// <summary>The difference, in place.</summary>
        public Tensor sub_(Tensor target) => Mutate("sub_.Tensor", this, target);

        /// <summary>The difference, in place.</summary>
        public Tensor sub_(Scalar target) => Mutate("sub_.Scalar", this, target);

        /// <summary>The product.</summary>
        public Tensor mul(Tensor target) => Call("mul.Tensor", this, target);

        /// <summary>The product.</summary>
        public Tensor mul(Scalar target) => Call("mul.Scalar", this, target);

        /// <summary>The product, in place.</summary>
        public Tensor mul_(Tensor target) => Mutate("mul_.Tensor", this, target);

        /// <summary>The product, in place.</summary>
        public Tensor mul_(Scalar target) => Mutate("mul_.Scalar", this, target);

        /// <summary>The quotient, rounded as told.</summary>
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Call("div.Tensor_mode", this, target, Name(rounding_mode));

        /// <summary>The quotient, rounded as told.</summary>
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Call("div.Scalar_mode", this, target, Name(rounding_mode));

        /// <summary>The quotient, rounded as told, in place.</summary>
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mutate("div_.Tensor_mode", this, target, Name(rounding_mode));

        /// <summary>The quotient, rounded as told, in place.</summary>
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Mutate("div_.Scalar_mode", this, target, Name(rounding_mode));

        /// <summary>The remainder with the sign of the dividend.</summary>
        public Tensor fmod(Tensor target) => Call("fmod.Tensor", this, target);

        /// <summary>The remainder with the sign of the dividend.</summary>
        public Tensor fmod(Scalar scalar) => Call("fmod.Scalar", this, scalar);

        /// <summary>The remainder with the sign of the dividend, in place.</summary>
        public Tensor fmod_(Tensor target) => Mutate("fmod_.Tensor", this, target);

        /// <summary>The remainder with the sign of the dividend, in place.</summary>
        public Tensor fmod_(Scalar scalar) => Mutate("fmod_.Scalar", this, scalar);

        /// <summary>The remainder with the sign of the divisor.</summary>
        public Tensor remainder(Tensor target) => Call("remainder.Tensor", this, target);

        /// <summary>The remainder with the sign of the divisor.</summary>
        public Tensor remainder(Scalar scalar) => Call("remainder.Scalar", this, scalar);

        /// <summary>The remainder with the sign of the divisor, in place.</summary>
        public Tensor remainder_(Tensor target) => Mutate("remainder_.Tensor", this, target);

        /// <summary>The remainder with the sign of the divisor, in place.</summary>
        public Tensor remainder_(Scalar scalar) => Mutate("remainder_.Scalar", this, scalar);

        /// <summary>The power.</summary>
        public Tensor pow(Tensor exponent) => Call("pow.Tensor_Tensor", this, exponent);

        /// <summary>The power.</summary>
        public Tensor pow(Scalar exponent) => Call("pow.Tensor_Scalar", this, exponent);

        /// <summary>The power, in place.</summary>
        public Tensor pow_(Tensor exponent) => Mutate("pow_.Tensor", this, exponent);

        /// <summary>The power, in place.</summary>
        public Tensor pow_(Scalar exponent) => Mutate("pow_.Scalar", this, exponent);

        /// <summary>This plus <paramref name="value"/> · tensor1 · tensor2.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Call("addcmul", this, tensor1, tensor2, value);

        /// <summary>This plus <paramref name="value"/> · tensor1 · tensor2, in place.</summary>
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Mutate("addcmul_", this, tensor1, tensor2, value);

        /// <summary>This plus <paramref name="value"/> · tensor1 / tensor2.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Call("addcdiv", this, tensor1, tensor2, value);

        /// <summary>This plus <paramref name="value"/> · tensor1 / tensor2, in place.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Mutate("addcdiv_", this, tensor1, tensor2, value);

        /// <summary>This plus tensor1 / tensor2, in place.</summary>
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => addcdiv_(tensor1, tensor2, 1);

        /// <summary>This, moved towards <paramref name="end"/> by the share <paramref name="weight"/>.</summary>
        public Tensor lerp(Tensor end, Tensor weight) => Call("lerp.Tensor", this, end, weight);

        /// <summary>The angle of the point (other, this), in (−π, π].</summary>
        public Tensor atan2(Tensor other) => Call("atan2", this, other);
    }
}

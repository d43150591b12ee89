using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The sum.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        /// <summary>The sum.</summary>
        public static Tensor operator +(Tensor left, Scalar right) => left.add(right);

        /// <summary>The sum.</summary>
        public static Tensor operator +(Scalar left, Tensor right) => right.add(left);

        /// <summary>The sum.</summary>
        public static Tensor operator +(Tensor left, int right) => left + (Scalar)right;

        /// <summary>The sum.</summary>
        public static Tensor operator +(int left, Tensor right) => (Scalar)left + right;

        /// <summary>The sum.</summary>
        public static Tensor operator +(Tensor left, long right) => left + (Scalar)right;

        /// <summary>The sum.</summary>
        public static Tensor operator +(long left, Tensor right) => (Scalar)left + right;

        /// <summary>The sum.</summary>
        public static Tensor operator +(Tensor left, float right) => left + (Scalar)right;

        /// <summary>The sum.</summary>
        public static Tensor operator +(float left, Tensor right) => (Scalar)left + right;

        /// <summary>The sum.</summary>
        public static Tensor operator +(Tensor left, double right) => left + (Scalar)right;

        /// <summary>The sum.</summary>
        public static Tensor operator +(double left, Tensor right) => (Scalar)left + right;

        /// <summary>The difference.</summary>
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        /// <summary>The difference.</summary>
        public static Tensor operator -(Tensor left, Scalar right) => left.sub(right);

        /// <summary>The difference.</summary>
        public static Tensor operator -(Scalar left, Tensor right) => Call("rsub.Scalar", right, left);

        /// <summary>The difference.</summary>
        public static Tensor operator -(Tensor left, int right) => left - (Scalar)right;

        /// <summary>The difference.</summary>
        public static Tensor operator -(int left, Tensor right) => (Scalar)left - right;

        /// <summary>The difference.</summary>
        public static Tensor operator -(Tensor left, long right) => left - (Scalar)right;

        /// <summary>The difference.</summary>
        public static Tensor operator -(long left, Tensor right) => (Scalar)left - right;

        /// <summary>The difference.</summary>
        public static Tensor operator -(Tensor left, float right) => left - (Scalar)right;

        /// <summary>The difference.</summary>
        public static Tensor operator -(float left, Tensor right) => (Scalar)left - right;

        /// <summary>The difference.</summary>
        public static Tensor operator -(Tensor left, double right) => left - (Scalar)right;

        /// <summary>The difference.</summary>
        public static Tensor operator -(double left, Tensor right) => (Scalar)left - right;

        /// <summary>The product.</summary>
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        /// <summary>The product.</summary>
        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        /// <summary>The product.</summary>
        public static Tensor operator *(Scalar left, Tensor right) => right.mul(left);

        /// <summary>The product.</summary>
        public static Tensor operator *(Tensor left, int right) => left * (Scalar)right;

        /// <summary>The product.</summary>
        public static Tensor operator *(int left, Tensor right) => (Scalar)left * right;

        /// <summary>The product.</summary>
        public static Tensor operator *(Tensor left, long right) => left * (Scalar)right;

        /// <summary>The product.</summary>
        public static Tensor operator *(long left, Tensor right) => (Scalar)left * right;

        /// <summary>The product.</summary>
        public static Tensor operator *(Tensor left, float right) => left * (Scalar)right;

        /// <summary>The product.</summary>
        public static Tensor operator *(float left, Tensor right) => (Scalar)left * right;

        /// <summary>The product.</summary>
        public static Tensor operator *(Tensor left, double right) => left * (Scalar)right;

        /// <summary>The product.</summary>
        public static Tensor operator *(double left, Tensor right) => (Scalar)left * right;

        /// <summary>The quotient.</summary>
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        /// <summary>The quotient.</summary>
        public static Tensor operator /(Tensor left, Scalar right) => left.div(right);

        /// <summary>The quotient.</summary>
        public static Tensor operator /(Scalar left, Tensor right) => Quotient(left, right);

        /// <summary>The quotient.</summary>
        public static Tensor operator /(Tensor left, int right) => left / (Scalar)right;

        /// <summary>The quotient.</summary>
        public static Tensor operator /(int left, Tensor right) => (Scalar)left / right;

        /// <summary>The quotient.</summary>
        public static Tensor operator /(Tensor left, long right) => left / (Scalar)right;

        /// <summary>The quotient.</summary>
        public static Tensor operator /(long left, Tensor right) => (Scalar)left / right;

        /// <summary>The quotient.</summary>
        public static Tensor operator /(Tensor left, float right) => left / (Scalar)right;

        /// <summary>The quotient.</summary>
        public static Tensor operator /(float left, Tensor right) => (Scalar)left / right;

        /// <summary>The quotient.</summary>
        public static Tensor operator /(Tensor left, double right) => left / (Scalar)right;

        /// <summary>The quotient.</summary>
        public static Tensor operator /(double left, Tensor right) => (Scalar)left / right;

        /// <summary>The remainder with the sign of the divisor.</summary>
        public static Tensor operator %(Tensor left, Tensor right) => left.remainder(right);

        /// <summary>The remainder with the sign of the divisor.</summary>
        public static Tensor operator %(Tensor left, Scalar right) => left.remainder(right);

        /// <summary>The negative.</summary>
        public static Tensor operator -(Tensor tensor) => tensor.neg();

        /// <summary>Both bits, or truth values.</summary>
        public static Tensor operator &(Tensor left, Tensor right) => left.bitwise_and(right);

        /// <summary>Either bit, or truth value.</summary>
        public static Tensor operator |(Tensor left, Tensor right) => left.bitwise_or(right);

        /// <summary>Exactly one bit, or truth value.</summary>
        public static Tensor operator ^(Tensor left, Tensor right) => left.bitwise_xor(right);

        /// <summary>The bits, or truth values, inverted.</summary>
        public static Tensor operator ~(Tensor left) => left.bitwise_not();

        /// <summary>Where both are equal.</summary>
        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);

        /// <summary>Where both are equal.</summary>
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);

        /// <summary>Where both are equal.</summary>
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);

        /// <summary>Where they differ.</summary>
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);

        /// <summary>Where they differ.</summary>
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);

        /// <summary>Where they differ.</summary>
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);

        /// <summary>Where left is smaller.</summary>
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        /// <summary>Where left is smaller.</summary>
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        /// <summary>Where left is smaller.</summary>
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);

        /// <summary>Where left is larger.</summary>
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        /// <summary>Where left is larger.</summary>
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        /// <summary>Where left is larger.</summary>
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);

        /// <summary>Where left is not larger.</summary>
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        /// <summary>Where left is not larger.</summary>
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        /// <summary>Where left is not larger.</summary>
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);

        /// <summary>Where left is not smaller.</summary>
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        /// <summary>Where left is not smaller.</summary>
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        /// <summary>Where left is not smaller.</summary>
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        /// <summary>A scalar of the number's type.</summary>
        public static implicit operator Tensor(byte value) => tensor(value);

        /// <summary>A scalar of the number's type.</summary>
        public static implicit operator Tensor(sbyte value) => tensor(value);

        /// <summary>A scalar of the number's type.</summary>
        public static implicit operator Tensor(short value) => tensor(value);

        /// <summary>A scalar of the number's type.</summary>
        public static implicit operator Tensor(int value) => tensor(value);

        /// <summary>A scalar of the number's type.</summary>
        public static implicit operator Tensor(long value) => tensor(value);

        /// <summary>A scalar of the number's type.</summary>
        public static implicit operator Tensor(float value) => tensor(value);

        /// <summary>A scalar of the number's type.</summary>
        public static implicit operator Tensor(double value) => tensor(value);

        /// <summary>A scalar of the number's type.</summary>
        public static implicit operator Tensor(bool value) => tensor(value);

        /// <summary>A scalar of the number's kind.</summary>
        public static implicit operator Tensor(Scalar scalar) => full([], scalar);

        /// <summary>The only element.</summary>
        public static explicit operator float(Tensor value) => value.ToScalar().ToSingle();

        /// <summary>The only element.</summary>
        public static explicit operator double(Tensor value) => value.ToScalar().ToDouble();

        /// <summary>The only element.</summary>
        public static explicit operator sbyte(Tensor value) => (sbyte)value.ToScalar().ToInt64();

        /// <summary>The only element.</summary>
        public static explicit operator byte(Tensor value) => (byte)value.ToScalar().ToInt64();

        /// <summary>The only element.</summary>
        public static explicit operator short(Tensor value) => (short)value.ToScalar().ToInt64();

        /// <summary>The only element.</summary>
        public static explicit operator int(Tensor value) => value.ToScalar().ToInt32();

        /// <summary>The only element.</summary>
        public static explicit operator long(Tensor value) => value.ToScalar().ToInt64();

        /// <summary>The only element.</summary>
        public static explicit operator bool(Tensor value) => value.ToScalar().ToBoolean();
    }
}

using static TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Draws every element from N(mean, std²).</summary>
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) =>
            Mutate("normal_", this, mean, std, generator);

        /// <summary>Draws every element uniformly from [from, to).</summary>
        public Tensor uniform_(double from, double to, Generator? generator = null) =>
            Mutate("uniform_", this, from, to, generator);

        /// <summary>Draws 1 with probability p, else 0, for every element.</summary>
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) =>
            Mutate("bernoulli_.float", this, p, generator);

        /// <summary>Draws 1 with each element's probability, else 0.</summary>
        public Tensor bernoulli_(Tensor p, Generator? generator = null) =>
            Mutate("bernoulli_.Tensor", this, p, generator);

        /// <summary>Draws 1 with the probability that each element is, else 0.</summary>
        public Tensor bernoulli(Generator? generator = null) => Call("bernoulli", this, generator);

        /// <summary>Draws every element from the exponential distribution.</summary>
        public Tensor exponential_(double lambda = 1, Generator? generator = null) =>
            Mutate("exponential_", this, lambda, generator);

        /// <summary>Draws indices by the weights in every row.</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Call("multinomial", this, num_samples, replacement, generator);
    }
}

using AuditKit.Checks.Weights;

namespace AuditKit.Tests.Checks.Weights;

public sealed class FrameBoundsTests
{
    private static readonly ConvolutionWindow Plain = new() { Channels = 2, Height = 5, Width = 6, Filters = 3, KernelHeight = 3, KernelWidth = 3 };

    internal static readonly Dictionary<string, ConvolutionWindow> Windows = new()
    {
        ["plain"] = Plain,
        ["padded"] = Plain with { Top = 1, Left = 1, Bottom = 1, Right = 1 },
        ["unevenly padded"] = Plain with { Top = 2, Left = 0, Bottom = 1, Right = 3 },
        ["stride 2"] = Plain with { Top = 1, Left = 1, Bottom = 1, Right = 1, StrideY = 2, StrideX = 2 },
        ["uneven strides"] = Plain with { StrideY = 1, StrideX = 3, Left = 1 },
        ["dilated"] = Plain with { DilationY = 2, DilationX = 2, Left = 1, Right = 1 },
        ["groups"] = Plain with { Channels = 4, Filters = 6, Groups = 2, Top = 1, Bottom = 1 },
        ["depthwise"] = Plain with { Channels = 3, Filters = 3, Groups = 3, Top = 1, Left = 1, Bottom = 1, Right = 1 },
        ["1 by 1"] = Plain with { KernelHeight = 1, KernelWidth = 1 },
        ["1 by 1 that skips"] = Plain with { KernelHeight = 1, KernelWidth = 1, StrideY = 2, StrideX = 2 },
        ["1 by 1 that skips, many filters"] = Plain with { KernelHeight = 1, KernelWidth = 1, StrideY = 2, StrideX = 2, Filters = 9 },
        ["patches"] = Plain with { KernelHeight = 2, KernelWidth = 3, StrideY = 2, StrideX = 3 },
        ["patches, many filters"] = Plain with { Height = 4, KernelHeight = 2, KernelWidth = 3, StrideY = 2, StrideX = 3, Filters = 14 },
        ["patches in groups"] = Plain with { Channels = 4, Filters = 4, Groups = 2, KernelHeight = 2, KernelWidth = 2, StrideY = 2, StrideX = 2 },
    };

    public static TheoryData<string> Cases => [.. Windows.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_convolution_and_its_adjoint_are_the_block_Toeplitz_matrix_of_its_kernels(string name)
    {
        ConvolutionWindow window = Windows[name];
        float[] kernels = Kernels(window);
        double[][] matrix = ExplicitMatrix.Toeplitz(kernels, window);
        var convolution = new Convolution(kernels, window, 2);
        Assert.Equal((matrix.Length, matrix[0].Length), (convolution.Rows, convolution.Columns));
        double[] x = Vector(convolution.Columns, 1);
        double[] y = Vector(convolution.Rows, 2);
        double[] product = new double[convolution.Rows];
        double[] adjoint = new double[convolution.Columns];
        convolution.Apply(x, product);
        convolution.ApplyAdjoint(y, adjoint);
        for (int i = 0; i < product.Length; i++)
        {
            Assert.Equal(matrix[i].Zip(x, (w, v) => w * v).Sum(), product[i], 1e-10);
        }

        for (int j = 0; j < adjoint.Length; j++)
        {
            Assert.Equal(Enumerable.Range(0, y.Length).Sum(i => matrix[i][j] * y[i]), adjoint[j], 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bounds_of_a_convolution_are_the_extreme_eigenvalues_of_the_smaller_Gram_matrix_of_its_Toeplitz_matrix(string name)
    {
        ConvolutionWindow window = Windows[name];
        float[] kernels = Kernels(window);
        double[] eigenvalues = FrameBounds.GramEigenvalues(ExplicitMatrix.Toeplitz(kernels, window));
        var layer = new WeightLayer(name, [.. kernels.Select(weight => (double)weight).Chunk(kernels.Length / window.Filters)], window);
        FrameBounds bounds = layer.Bounds(2, CancellationToken.None);
        Assert.True(bounds.IsExact);
        Assert.Equal(eigenvalues[^1], bounds.B, 1e-9 * eigenvalues[^1]);
        Assert.Equal(Math.Max(0, eigenvalues[0]), bounds.A, 1e-9 * eigenvalues[^1]);
        Assert.Equal(eigenvalues[0] < 1e-12 * eigenvalues[^1], bounds.A == 0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bounds_without_borders_are_the_extreme_eigenvalues_of_the_smaller_Gram_matrix_of_the_circulant_matrix(string name)
    {
        ConvolutionWindow window = Windows[name] with { Height = 6, Width = 12, Top = 0, Left = 0, Bottom = 0, Right = 0 };
        float[] kernels = Kernels(window);
        double[] eigenvalues = FrameBounds.GramEigenvalues(ExplicitMatrix.Circulant(kernels, window));
        var layer = new WeightLayer(name, [.. kernels.Select(weight => (double)weight).Chunk(kernels.Length / window.Filters)], window);
        FrameBounds bounds = layer.PeriodicBounds(2, CancellationToken.None);
        Assert.Equal(eigenvalues[^1], bounds.B, 1e-9 * eigenvalues[^1]);
        Assert.Equal(Math.Max(0, eigenvalues[0]), bounds.A, 1e-9 * eigenvalues[^1]);
    }

    [Fact]
    public void A_shift_is_singular_at_the_border_and_perfectly_conditioned_without()
    {
        ConvolutionWindow window = Plain with { Channels = 1, Filters = 1, Top = 1, Left = 1, Bottom = 1, Right = 1 };
        var shift = new WeightLayer("shift", [[0, 0, 2, 0, 0, 0, 0, 0, 0]], window);
        Assert.Equal(0, shift.Bounds(1, CancellationToken.None).A);
        FrameBounds periodic = shift.PeriodicBounds(1, CancellationToken.None);
        Assert.Equal((4, 4, true), (Math.Round(periodic.A, 12), Math.Round(periodic.B, 12), periodic.IsSettled));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_banded_Gram_matrix_is_that_of_the_Toeplitz_matrix_with_channels_innermost(string name)
    {
        ConvolutionWindow window = Windows[name].OfGroup;
        float[] kernels = Kernels(window);
        double[][] matrix = ExplicitMatrix.Toeplitz(kernels, window);
        bool isWide = matrix.Length < matrix[0].Length;
        double[][] vectors = isWide ? matrix : [.. Enumerable.Range(0, matrix[0].Length).Select(column => matrix.Select(row => row[column]).ToArray())];
        BandedCholesky gram = ConvolutionGram.Of(kernels, window)!;
        int channels = isWide ? window.Filters : window.Channels;
        int places = vectors.Length / channels;
        Assert.Equal(vectors.Length, gram.Side);
        for (int i = 0; i < gram.Side; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double expected = Inner(vectors[Place(i)], vectors[Place(j)]);
                Assert.Equal(expected, i - j <= gram.Band ? gram[i, j] : 0, 1e-12);
            }
        }

        int Place(int index) => (index % channels * places) + (index / channels);

        static double Inner(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }

    [Theory]
    [InlineData("padded", 3, 3, 1, 14, 13)]
    [InlineData("stride 2", 2, 3, 1, 28, 26)]
    [InlineData("depthwise", 3, 6, 3, 24, 25)]
    public void Bounds_of_a_convolution_too_large_for_its_matrix_are_those_of_the_matrix(string name, int channels, int filters, int groups,
        int height, int width)
    {
        ConvolutionWindow window = Windows[name] with { Channels = channels, Filters = filters, Groups = groups, Height = height, Width = width };
        float[] kernels = Kernels(window);
        var layer = new WeightLayer(name, [.. kernels.Select(weight => (double)weight).Chunk(kernels.Length / window.Filters)], window);
        FrameBounds bounds = layer.Bounds(2, CancellationToken.None);
        // A group's matrix is small enough for all its eigenvalues to be computed here.
        double[][] eigenvalues = [.. Enumerable.Range(0, window.Groups).Select(group => FrameBounds.GramEigenvalues(
            ExplicitMatrix.Toeplitz(kernels[(group * kernels.Length / window.Groups)..((group + 1) * kernels.Length / window.Groups)], window.OfGroup)))];
        Assert.Equal((false, true), (bounds.IsExact, bounds.IsSettled));
        Assert.Equal(1, bounds.B / eigenvalues.Max(group => group[^1]), 2e-3);
        Assert.Equal(1, bounds.A / eigenvalues.Min(group => group[0]), 1e-4);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_transposed_convolution_has_the_bounds_of_the_matrix_that_spreads_every_input_by_its_kernels(string name)
    {
        ConvolutionWindow window = Windows[name];
        float[] kernels = Kernels(window);
        var layer = new WeightLayer(name, [.. kernels.Select(weight => (double)weight).Chunk(kernels.Length / window.Filters)], window, IsTransposed: true);
        double[][] spread = ExplicitMatrix.Spread(kernels, window);
        double[] eigenvalues = FrameBounds.GramEigenvalues(spread);
        FrameBounds bounds = layer.Bounds(2, CancellationToken.None);
        Assert.Equal((spread.Length, spread[0].Length), (layer.Rows, layer.Columns));
        Assert.Equal(eigenvalues[^1], bounds.B, 1e-9 * eigenvalues[^1]);
        Assert.Equal(Math.Max(0, eigenvalues[0]), bounds.A, 1e-9 * eigenvalues[^1]);
        // All weights that lead to an output channel make its filter.
        Assert.Equal(window.Channels, layer.Filters.Length);
        Assert.Equal(kernels.Order(), layer.Filters.SelectMany(filter => filter).Select(weight => (float)weight).Order());
    }

    [Fact]
    public void Orthonormal_rows_are_a_tight_frame_and_a_diagonal_matrix_has_its_squares()
    {
        FrameBounds rotation = FrameBounds.OfMatrix([[0.6, 0.8], [-0.8, 0.6]]);
        Assert.Equal((1, 1, 1), (Math.Round(rotation.A, 12), Math.Round(rotation.B, 12), Math.Round(rotation.ConditionNumber, 10)));
        FrameBounds diagonal = FrameBounds.OfMatrix([[3, 0, 0], [0, 0.5, 0], [0, 0, 2]]);
        Assert.Equal((0.25, 9, 36), (Math.Round(diagonal.A, 12), Math.Round(diagonal.B, 12), Math.Round(diagonal.ConditionNumber, 9)));
        // The document's example: three vectors at 120 degrees are a tight frame of bound 3/2.
        FrameBounds tight = FrameBounds.OfMatrix([.. Enumerable.Range(0, 3)
            .Select(i => new[] { Math.Cos(2 * Math.PI * i / 3), Math.Sin(2 * Math.PI * i / 3) })]);
        Assert.Equal((1.5, 1.5), (Math.Round(tight.A, 12), Math.Round(tight.B, 12)));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(40)]
    public void A_Toeplitz_matrix_whose_spectrum_is_known_in_closed_form_has_it_exactly_or_by_Lanczos(int size)
    {
        // A symmetric kernel (a, 1, a) over n pixels with zero padding: eigenvalues 1 + 2a·cos(kπ/(n + 1)), k = 1 … n.
        // The outer product of two kernels has the products. Beyond 512 pixels (40 × 40) they are only approached.
        double[] one = Spectrum(0.25, size);
        double[] other = Spectrum(-0.125, size);
        double[] squares = [.. one.SelectMany(a => other.Select(b => a * a * b * b)).Order()];
        float[] down = [0.25f, 1, 0.25f];
        float[] across = [-0.125f, 1, -0.125f];
        var window = new ConvolutionWindow
        {
            Channels = 1,
            Height = size,
            Width = size,
            Filters = 1,
            KernelHeight = 3,
            KernelWidth = 3,
            Top = 1,
            Left = 1,
            Bottom = 1,
            Right = 1
        };
        FrameBounds bounds = FrameBounds.OfOperator(
            new Convolution([.. down.SelectMany(a => across.Select(b => a * b))], window, 2), 2, CancellationToken.None);
        Assert.Equal(size == 15, bounds.IsExact);
        Assert.True(bounds.IsSettled);
        Assert.Equal(1, bounds.B / squares[^1], bounds.IsExact ? 1e-9 : 2e-3);
        Assert.Equal(1, bounds.A / squares[0], bounds.IsExact ? 1e-9 : 1e-4);
        Assert.InRange(bounds.B, 0, squares[^1] * (1 + 1e-9));
        Assert.InRange(bounds.A, squares[0] * (1 - 1e-9), 1);
        Assert.Equal(bounds.IsExact, bounds.Steps == 0);

        static double[] Spectrum(double a, int n) => [.. Enumerable.Range(1, n).Select(k => 1 + (2 * a * Math.Cos(k * Math.PI / (n + 1))))];
    }

    [Fact]
    public void A_multiple_of_the_identity_is_settled_at_the_first_step_from_both_sides()
    {
        var window = new ConvolutionWindow
        {
            Channels = 1,
            Height = 30,
            Width = 30,
            Filters = 1,
            KernelHeight = 3,
            KernelWidth = 3,
            Top = 1,
            Left = 1,
            Bottom = 1,
            Right = 1
        };
        FrameBounds bounds = FrameBounds.OfOperator(new Convolution([0, 0, 0, 0, 3, 0, 0, 0, 0], window, 1), 1, CancellationToken.None);
        Assert.Equal((9, 9, 2), (Math.Round(bounds.A, 9), Math.Round(bounds.B, 9), bounds.Steps));
    }

    [Fact]
    public void A_singular_layer_has_no_lower_bound_and_a_condition_number_of_at_least_what_can_be_told()
    {
        FrameBounds bounds = FrameBounds.OfMatrix([[1, 2], [2, 4], [-1, -2]]);
        Assert.Equal(0, bounds.A);
        Assert.True(bounds.IsLowerBound);
        Assert.Equal(1e13, bounds.ConditionNumber, 1e4);
        Assert.Equal((0, 0), (FrameBounds.OfMatrix([[0, 0], [0, 0]]).A, FrameBounds.OfMatrix([[0, 0], [0, 0]]).B));
    }

    internal static float[] Kernels(ConvolutionWindow window)
        => [.. Vector(window.Filters * window.GroupChannels * window.KernelHeight * window.KernelWidth, 3).Select(value => (float)value)];

    private static double[] Vector(int length, int seed)
    {
        var random = CounterRandom.For(seed, "vector", length);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextNormal())];
    }
}

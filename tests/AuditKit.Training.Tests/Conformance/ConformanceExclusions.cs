namespace AuditKit.Training.Tests.Conformance;

/// <summary>Everything of the conformance suite that is not run or does not pass, by name, with the reason.</summary>
internal static class ConformanceExclusions
{
    /// <summary>Operators that convolutional classifiers are not made of. A test that uses one is not run.</summary>
    public static readonly (string Reason, string[] Operators)[] OutOfScope =
    [
        ("whole-number arithmetic of quantised models has no gradients",
        [
            "BitShift", "ConvInteger", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "QLinearConv",
            "QLinearMatMul", "QuantizeLinear",
        ]),
        ("recurrent networks", ["GRU", "LSTM", "RNN", "ReverseSequence"]),
        ("losses and optimisers are not part of a classifier",
        [
            "NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss", "ai.onnx.preview.training.Adagrad",
            "ai.onnx.preview.training.Adam", "ai.onnx.preview.training.Gradient", "ai.onnx.preview.training.Momentum",
        ]),
        ("control flow and values that are not tensors",
        [
            "If", "Loop", "Scan", "ConcatFromSequence", "Optional", "OptionalGetElement", "OptionalHasElement", "SequenceAt",
            "SequenceConstruct", "SequenceEmpty", "SequenceInsert", "SequenceLength", "SequenceMap", "SplitToSequence",
        ]),
        ("text", ["StringNormalizer", "TfIdfVectorizer"]),
        ("sound and signals",
            ["BlackmanWindow", "DFT", "HammingWindow", "HannWindow", "MelWeightMatrix", "STFT"]),
        ("object detection and geometry", ["GridSample", "MaxUnpool", "NonMaxSuppression", "RoiAlign"]),
        ("random numbers, which cannot equal expected ones", ["Bernoulli", "RandomUniformLike"]),
        ("scattered writing and set operations",
            ["Compress", "GatherND", "Scatter", "ScatterElements", "ScatterND", "Unique"]),
        ("matrix algebra beyond products", ["Det", "EyeLike", "Trilu"]),
    ];

    private static readonly (string Reason, string[] Tests)[] _bothEngines =
    [
        ("dropout drops other elements than the reference's random generator",
            ["training_dropout", "training_dropout_default", "training_dropout_default_mask", "training_dropout_mask"]),
        ("text is not a number",
        [
            "cast_FLOAT_to_STRING", "cast_STRING_to_FLOAT", "castlike_FLOAT_to_STRING", "castlike_FLOAT_to_STRING_expanded",
            "castlike_STRING_to_FLOAT", "castlike_STRING_to_FLOAT_expanded",
        ]),
        ("its values are no tensors", ["identity_opt", "identity_sequence"]),
        ("its files keep bfloat16 values as 16-bit whole numbers, another type than the model declares",
        [
            "cast_BFLOAT16_to_FLOAT", "cast_FLOAT_to_BFLOAT16", "castlike_BFLOAT16_to_FLOAT",
            "castlike_BFLOAT16_to_FLOAT_expanded", "castlike_FLOAT_to_BFLOAT16", "castlike_FLOAT_to_BFLOAT16_expanded",
        ]),
        ("its expected values come from π = 3.1415; both engines agree with each other",
        [
            "blackmanwindow_expanded", "blackmanwindow_symmetric_expanded", "hammingwindow_expanded",
            "hammingwindow_symmetric_expanded", "hannwindow_expanded", "hannwindow_symmetric_expanded",
        ]),
        ("its expected values align the corners of an output of fractional size; both engines agree with each other",
            ["resize_downsample_scales_cubic_align_corners", "resize_downsample_scales_linear_align_corners"]),
    ];

    /// <summary>Tests in scope that ONNX Runtime fails.</summary>
    public static readonly (string Reason, string[] Tests)[] OnnxRuntime =
    [
        .. _bothEngines,
        ("ONNX Runtime implements operators from opset 7 on",
        [
            "AvgPool1d", "AvgPool1d_stride", "AvgPool2d", "AvgPool2d_stride", "AvgPool3d", "AvgPool3d_stride",
            "AvgPool3d_stride1_pad0_gpu_input", "BatchNorm1d_3d_input_eval", "BatchNorm2d_eval",
            "BatchNorm2d_momentum_eval", "BatchNorm3d_eval", "BatchNorm3d_momentum_eval", "GLU", "GLU_dim", "Linear",
            "PReLU_1d", "PReLU_1d_multiparam", "PReLU_2d", "PReLU_2d_multiparam", "PReLU_3d", "PReLU_3d_multiparam",
            "PoissonNLLLLoss_no_reduce", "Softsign", "operator_add_broadcast", "operator_add_size1_broadcast",
            "operator_add_size1_right_broadcast", "operator_add_size1_singleton_broadcast", "operator_addconstant",
            "operator_addmm", "operator_basic", "operator_mm", "operator_non_float_params", "operator_params",
            "operator_pow",
        ]),
        ("ONNX Runtime has no such kernel for this whole-number type",
        [
            "max_int16", "max_uint16", "min_int16", "min_uint16", "pow_types_float32_uint32", "pow_types_float32_uint64",
        ]),
    ];

    /// <summary>Tests in scope that this project's execution by libtorch fails.</summary>
    public static readonly (string Reason, string[] Tests)[] Libtorch =
    [
        .. _bothEngines,
        ("libtorch has no unsigned tensors of 16, 32 or 64 bits",
        [
            "max_uint16", "max_uint32", "max_uint64", "min_uint16", "min_uint32", "min_uint64", "mod_uint16", "mod_uint32",
            "mod_uint64", "pow_types_float32_uint32", "pow_types_float32_uint64",
        ]),
        ("cropping while resizing belongs to object detection", ["resize_tf_crop_and_resize"]),
    ];

    /// <summary>Operators that can be trained but have no conformance test; other tests hold them.</summary>
    public static readonly string[] WithoutTest = ["Gelu", "LpPool", "Mish"];
}

"""The layers and operations of Keras that `operations.js` and `layers.js` compute."""

from typing import NamedTuple


class Operation(NamedTuple):
    """A layer or operation.

    Args:
        settings: names in its Keras configuration that JavaScript needs.
        weights: names of its weights, as attributes of the layer.
        only: name of a setting → the one value that JavaScript computes.
    """

    settings: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    only: dict = {}


_ONE_BY_ONE = (
    # of one tensor
    "Absolute Ceil Copy Cast ConvertToTensor Exp Expm1 Floor Identity Log Log1p "
    "LogicalNot Negative OnesLike Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign "
    "Silu Softplus Softsign Sqrt Square Tanh ZerosLike "
    # of several that are broadcast
    "Add Divide Equal Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr Maximum "
    "Minimum Multiply NotEqual Power Subtract TrueDivide Where"
).split()
_REDUCTIONS = ("Sum", "Mean", "Max", "Min", "Logsumexp")
_NOTHING = "Dropout GaussianDropout GaussianNoise SpatialDropout2D".split()
_LAST = {"data_format": "channels_last"}
_CONVOLUTION = {**_LAST, "dilation_rate": [1, 1], "groups": 1}
_KERNEL = ("kernel", "bias")
_POOLING = Operation(("pool_size", "strides", "padding"), (), _LAST)

#: Class in Keras → how it is described. Layers and operations of one name are alike.
OPERATIONS = {
    **{name: Operation() for name in (*_ONE_BY_ONE, *_NOTHING, "GetItem")},
    **{name: Operation(("axis", "keepdims")) for name in _REDUCTIONS},
    "Activation": Operation(("activation",)),
    "AveragePooling2D": _POOLING,
    "BatchNormalization": Operation(
        ("epsilon",), ("gamma", "beta", "moving_mean", "moving_variance"), {"axis": -1}
    ),
    "Clip": Operation(("x_min", "x_max")),
    "Concatenate": Operation(("axis",)),
    "Conv2D": Operation(("strides", "padding", "activation"), _KERNEL, _CONVOLUTION),
    "Conv2DTranspose": Operation(
        ("strides", "padding", "activation"),
        _KERNEL,
        {**_LAST, "dilation_rate": [1, 1]},
    ),
    "Cropping2D": Operation(("cropping",), (), _LAST),
    "Dense": Operation(("activation",), _KERNEL),
    "ELU": Operation(("alpha",)),
    "Elu": Operation(("alpha",)),
    "Embedding": Operation((), ("embeddings",)),
    "ExpandDims": Operation(("axis",)),
    "Flatten": Operation((), (), _LAST),
    "Gelu": Operation(("approximate",)),
    "GlobalAveragePooling2D": Operation(("keepdims",), (), _LAST),
    "GroupNormalization": Operation(
        ("groups", "epsilon"), ("gamma", "beta"), {"axis": -1}
    ),
    "LayerNormalization": Operation(
        ("epsilon",), ("gamma", "beta"), {"axis": -1, "rms_scaling": False}
    ),
    "LeakyReLU": Operation(("negative_slope",)),
    "LeakyRelu": Operation(("negative_slope",)),
    "LogSoftmax": Operation((), (), {"axis": -1}),
    "Matmul": Operation(),  # by a matrix, or as many as there are
    "MaxPooling2D": _POOLING,
    "OneHot": Operation(("num_classes",), (), {"axis": -1}),
    "ReLU": Operation(
        (), (), {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}
    ),
    "Rescaling": Operation(("scale", "offset")),
    "Reshape": Operation(("target_shape", "newshape")),
    "Softmax": Operation((), (), {"axis": -1}),
    "Squeeze": Operation(("axis",)),
    "Take": Operation((), (), {"axis": 0}),
    "Transpose": Operation(("axes",)),
    "UpSampling2D": Operation(("size",), (), {**_LAST, "interpolation": "nearest"}),
    "ZeroPadding2D": Operation(("padding",), (), _LAST),
}
ACTIVATIONS = (
    "linear relu relu6 leaky_relu elu selu gelu silu swish softplus softsign tanh "
    "sigmoid softmax exponential"
).split()

"""Asks each library by the arguments that its dialect reads: the one place where the libraries are called.

Every function takes an image (H, W) in float64 and the arguments of `workbench.kernels.dialects`, and returns what the
library answers, in float64. Nothing here knows our methods.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

Answer = np.ndarray


def torch_interpolate(x: np.ndarray, **arguments: Any) -> Answer:
    import torch
    import torch.nn.functional as F

    return F.interpolate(torch.from_numpy(x)[None, None], **arguments)[0, 0].numpy()


def opencv_resize(x: np.ndarray, **arguments: Any) -> Answer:
    import cv2

    flag = getattr(cv2, arguments.pop("interpolation"))
    size = arguments.pop("dsize", None)
    return cv2.resize(x.astype(np.float32), size, interpolation=flag, **arguments)


def pillow_resize(x: np.ndarray, **arguments: Any) -> Answer:
    from PIL import Image

    resample = Image.Resampling[arguments.pop("resample")]
    size = tuple(arguments.pop("size"))
    return np.asarray(Image.fromarray(x.astype(np.float32)).resize(size, resample, **arguments))


def pillow_transform(x: np.ndarray, size: tuple[int, int]) -> Answer:
    from PIL import Image

    (height, width), (w, h) = x.shape, size
    data = (width / w, 0, 0, 0, height / h, 0)
    picture = Image.fromarray(x.astype(np.float32))
    return np.asarray(picture.transform((w, h), Image.Transform.AFFINE, data, Image.Resampling.BICUBIC))


def skimage_resize(x: np.ndarray, **arguments: Any) -> Answer:
    import skimage.transform

    return skimage.transform.resize(x, **arguments)


def skimage_rescale(x: np.ndarray, **arguments: Any) -> Answer:
    import skimage.transform

    return skimage.transform.rescale(x, **arguments)


def scipy_zoom(x: np.ndarray, **arguments: Any) -> Answer:
    import scipy.ndimage

    return scipy.ndimage.zoom(x, **arguments)


def jax_resize(x: np.ndarray, **arguments: Any) -> Answer:
    import jax.image

    shape = tuple(arguments.pop("new_shape"))
    return np.asarray(jax.image.resize(x.astype(np.float32), shape, **arguments))


def tensorflow_resize(x: np.ndarray, **arguments: Any) -> Answer:
    import tensorflow as tf

    size = tuple(arguments.pop("size"))
    return tf.image.resize(x.astype(np.float32)[..., None], size, **arguments)[..., 0].numpy()


def tensorflow_first(function: str) -> Callable[..., Answer]:
    def ask(x: np.ndarray, **arguments: Any) -> Answer:
        import tensorflow as tf

        size = tuple(arguments.pop("size"))
        made = getattr(tf.compat.v1.image, function)(x.astype(np.float32)[None, ..., None], size, **arguments)
        return made[0, ..., 0].numpy()

    return ask


def onnx_resize(x: np.ndarray, **arguments: Any) -> Answer:
    import onnx.helper as helper

    inputs = {"x": x.astype(np.float32)}
    for name, dtype in (("roi", np.float32), ("scales", np.float32), ("sizes", np.int64)):
        if name in arguments:
            inputs[name] = np.asarray(arguments.pop(name), dtype)
    names = ["x", *(name if name in inputs else "" for name in ("roi", "scales", "sizes"))]
    while not names[-1]:
        names.pop()
    return onnx_node(helper.make_node("Resize", names, ["y"], **arguments), inputs)


def onnx_node(node: Any, inputs: dict[str, np.ndarray]) -> Answer:
    """What ONNX' reference evaluator makes of one node."""
    import onnx.helper as helper
    from onnx.reference import ReferenceEvaluator

    kinds = [
        helper.make_tensor_value_info(k, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape) for k, v in inputs.items()
    ]
    answer = helper.make_tensor_value_info("y", helper.np_dtype_to_tensor_dtype(inputs["x"].dtype), None)
    graph = helper.make_graph([node], "one", kinds, [answer])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)])
    return ReferenceEvaluator(model).run(None, inputs)[0]


ASK: dict[tuple[str, str], Callable[..., Answer]] = {
    ("torch", "interpolate"): torch_interpolate,
    ("opencv", "resize"): opencv_resize,
    ("pillow", "resize"): pillow_resize,
    ("pillow", "transform"): pillow_transform,
    ("skimage", "resize"): skimage_resize,
    ("skimage", "rescale"): skimage_rescale,
    ("scipy", "zoom"): scipy_zoom,
    ("jax", "resize"): jax_resize,
    ("tensorflow", "resize"): tensorflow_resize,
    **{
        ("tensorflow", name): tensorflow_first(name)
        for name in ("resize_nearest_neighbor", "resize_bilinear", "resize_bicubic")
    },
    ("onnx", "resize"): onnx_resize,
}
"""By the names of a dialect and of a function in it."""

PACKAGES = {
    "torch": ("torch", "BSD-3-Clause"),
    "opencv": ("cv2", "Apache-2.0"),
    "pillow": ("PIL", "MIT-CMU"),
    "skimage": ("skimage", "BSD-3-Clause"),
    "scipy": ("scipy", "BSD-3-Clause"),
    "jax": ("jax", "Apache-2.0"),
    "tensorflow": ("tensorflow", "Apache-2.0"),
    "onnx": ("onnx", "Apache-2.0"),
}
"""What each dialect's library is imported as, and its licence."""


def version(dialect: str) -> str | None:
    """The installed version of a dialect's library, None without it."""
    try:
        return str(importlib.import_module(PACKAGES[dialect][0]).__version__).split("+")[0]
    except ImportError:
        return None


def ask(dialect: str, function: str, x: np.ndarray, arguments: dict[str, Any]) -> Answer:
    """The library's answer in float64."""
    return np.asarray(ASK[dialect, function](x.astype(np.float64), **arguments), np.float64)

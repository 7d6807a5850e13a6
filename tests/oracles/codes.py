"""Executes the calls that dialects print, and compares what the libraries answer with our own output.

Run from the top of the repository: ``python -m tests.oracles.codes``. Libraries that are not installed are passed over,
MATLAB always.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.oracles import libraries
from workbench.kernels.dialects import codes
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.presets import all_presets
from workbench.kernels.registry import from_text

SHAPES = [(4, 7), (5, 8), (12, 9)]
EXTENTS: list[dict[str, Any]] = [{"scale": 2}, {"scale": 1.37}, {"scale": (3, 1.5)}, {"scale": 0.6}, {"size": (11, 13)}]
FURTHER = [
    "bilinear:scale=1.3",
    "bilinear:scale=1.37,factor=typed",
    "linear:scale=3",
    "linear:scale=2,direction=rows",
    "nearest:scale=3",
    "nearest:scale=1.7",
    "nearest:size=9x5,tie=down",
    "nearest:size=11x13,grid=align_corners",
    "average_unpool:kernel=3",
    "average_unpool:41",
    "zero_insertion:2",
    "transposed_conv:kernel=bilinear,stride=2,padding=1",
    "transposed_conv:kernel=[[1,2,3],[4,5,6]],stride=2,padding=1,output_padding=1",
    "bilinear:size=9x13,grid=half_pixel_symmetric",
    "bicubic:scale=2,grid=asymmetric",
    "cubic_bc:scale=2,b=0,c=0.75,edge=replicate",
    "bspline:scale=2,order=3,edge=wrap",
    "area:scale=2",
    "area:scale=0.5",
    "box:scale=0.5,antialias=on",
    "nearest:size=3x4,tie=scipy,blur=on",
    "bicubic:size=2x3,a=-0.5,edge=exclude,antialias=on,reducing_gap=1.5",
    "lanczos:size=2x3,edge=exclude,antialias=on,grid=box_offset,region=[0.5,1,3.5,6.25],reducing_gap=1",
    "hamming:size=11x5,edge=exclude,antialias=on,grid=box_offset,region=[0.5,1,3.5,6.25]",
    "bilinear:scale=0.4,edge=replicate,blur=on",
    "bspline:scale=0.4x2,edge=wrap,blur=on",
]

_OWN = "[[1,2,3],[4,5,-6]]"
_TABLE = json.dumps(np.random.default_rng(0).standard_normal((4, 2, 3, 2)).round(2).tolist(), separators=(",", ":"))
_DEEP = json.dumps(np.random.default_rng(0).standard_normal((8, 3, 3, 2)).round(2).tolist(), separators=(",", ":"))
_LAYERS: list[tuple[str, int | None]] = [
    (f"transposed_conv:kernel={_OWN},stride=3x2,padding=1x0,padding_end=0x2,dilation=2,output_padding=1", None),
    (f"transposed_conv:kernel={_OWN},stride=2,repeat=3,padding=1", None),
    ("transposed_conv:kernel=gaussian,kernel_size=4,stride=2,padding=1", 3),
    ("zero_insertion:stride=3x2", 2),
    (f"convolution:kernel={_OWN},stride=2x1,padding=1,dilation=1x2", None),
    (f"convolution:kernel={_OWN},padding=1x0,padding_end=0x2", 2),
    (f"grouped_conv:weights={_TABLE},groups=2,stride=2x1,padding=1,bias=[1,2,3,4]", 4),
    (f"grouped_conv:weights={_TABLE},stride=1,padding=1x0,padding_end=0x1,dilation=2x1", 2),
    (f"grouped_transposed_conv:weights={_TABLE},groups=2,stride=2,padding=1,output_padding=1,bias=[1,2,3,4]", 4),
    (f"grouped_transposed_conv:weights={_TABLE},stride=3x2,padding=1,padding_end=0x1", 4),
    ("grouped_transposed_conv:weights=random,channels=3,kernel_size=4,stride=2,padding=1", 2),
    ("max_pool:kernel=3,stride=2,padding=1", None),
    ("max_pool:kernel=2x3,stride=2,padding=1x0,padding_end=0x1,dilation=2x1", 2),
    ("max_pool:kernel=3x2,ceil_mode=on", None),
    ("average_pool:kernel=3,stride=2,padding=1", None),
    ("average_pool:kernel=3,stride=2,padding=1,ceil_mode=on,count_include_pad=off", 2),
    ("average_pool:kernel=2x3,divisor=4", None),
    ("average_pool:kernel=3x2,dilation=2x1,stride=2,padding=1x0,padding_end=0x1", 2),
    ("average_pool:kernel=3x2,dilation=1x3,padding=1,count_include_pad=off", None),
    ("average_pool:kernel=3,stride=2,padding=1x0,padding_end=0x1,divisor=5", None),
    ("average_unpool:kernel=3x2", 2),
    ("average_unpool:kernel=3x2,stride=2x1,fill=adjoint", None),
    ("average_unpool:kernel=3,stride=2,padding=1,fill=adjoint", 2),
    ("down:factor=2x3", 2),
    ("max_unpool:indices=[[1,7,9,12],[20,22,31,47]],plane=6x8", None),
    ("pixel_shuffle:factor=2,kernels=none", 8),
    ("pixel_shuffle:factor=2,kernels=none,order=dcr", 8),
    ("pixel_shuffle:factor=3,kernels=random", 2),
    ("pixel_shuffle:factor=2,kernels=icnr,kernel_size=4x2", None),
    (f"pixel_shuffle:factor=2,kernels={_DEEP}", 3),
    (f"pixel_shuffle:factor=2,kernels={_DEEP},order=dcr", 3),
    ("pixel_unshuffle:factor=2", 3),
    ("pixel_unshuffle:factor=2,order=dcr", 3),
    ("resize_conv:scale=2", None),
    ("resize_conv:scale=2.5,interpolation=bilinear,border=replicate,kernel=random,kernel_size=5x3", 2),
    ("resize_conv:scale=3,interpolation=bicubic", None),
    ("bilinear_additive:scale=2,group=2", 6),
    ("bilinear_additive:scale=1.5,group=3,grid=align_corners", 3),
]
LAYERS = [
    (from_text(text), (2, 4) if text.startswith("max_unpool") else shape, channels)
    for text, channels in _LAYERS
    for shape in ((6, 12), (12, 6))
]
"""Layers, and the channels of their sources."""

_REFUSED = re.compile(r"ConvTranspose(.|\n)*group=2(.|\n)*")
"""ONNX' reference evaluator slices the weights of groups by outputs, and raises; its runtime does as PyTorch."""

ALLOWED = {"PyTorch": 1e-9, "SciPy": 1e-8, "scikit-image": 1e-8}
"""The others compute in float32."""
TABLED = 5e-3
"""TensorFlow's bicubics look their weights up in a table of 1024."""


def torch_names(x: np.ndarray) -> dict[str, Any]:
    import torch
    import torch.nn.functional as F

    return {"F": F, "torch": torch, "x": torch.from_numpy(batch(x))}


def batch(x: np.ndarray) -> np.ndarray:
    """An image (h, w) or (h, w, c) as (1, c, h, w)."""
    return np.ascontiguousarray(np.atleast_3d(x).transpose(2, 0, 1)[None])


def single(x: np.ndarray) -> np.ndarray:
    return x.astype(np.float32)


def opencv_names(x: np.ndarray) -> dict[str, Any]:
    import cv2

    return {"cv2": cv2, "x": single(x)}


def pillow_names(x: np.ndarray) -> dict[str, Any]:
    from PIL import Image

    return {"np": np, "Image": Image, "x": single(x)}


def skimage_names(x: np.ndarray) -> dict[str, Any]:
    from skimage.transform import rescale, resize

    return {"resize": resize, "rescale": rescale, "x": x}


def scipy_names(x: np.ndarray) -> dict[str, Any]:
    from scipy.ndimage import zoom

    return {"zoom": zoom, "x": x}


def jax_names(x: np.ndarray) -> dict[str, Any]:
    import jax
    import jax.image

    return {"jax": jax, "x": single(x)}


def tensorflow_names(x: np.ndarray) -> dict[str, Any]:
    import tensorflow

    return {"tf": tensorflow, "x": single(x)}


def onnx_names(x: np.ndarray) -> dict[str, Any]:
    import onnx.helper as helper

    return {"helper": helper, "np": np, "x": single(x)}


NAMES: dict[str, tuple[str, Callable[[np.ndarray], dict[str, Any]]]] = {
    "PyTorch": ("torch", torch_names),
    "OpenCV": ("opencv", opencv_names),
    "Pillow": ("pillow", pillow_names),
    "scikit-image": ("skimage", skimage_names),
    "SciPy": ("scipy", scipy_names),
    "JAX": ("jax", jax_names),
    "TensorFlow": ("tensorflow", tensorflow_names),
    "ONNX": ("onnx", onnx_names),
}
"""Under each library's name: its dialect, and the names that a call speaks of."""


def executed(library: str, call: str, x: np.ndarray) -> np.ndarray:
    """What the library answers to the text: (H, W), or with channels (H, W, C)."""
    layer = library == "ONNX" and '"Resize"' not in call
    if x.ndim == 3 and library not in ("PyTorch", "OpenCV") and not layer:  # its words speak of a plane
        return np.stack([executed(library, call, x[:, :, channel]) for channel in range(x.shape[2])], axis=2)
    names = NAMES[library][1](x)
    if layer:
        names["x"] = batch(names["x"])
    *before, last = ast.parse(call).body
    exec(compile(ast.Module(before, []), "code", "exec"), names)
    answer = eval(compile(ast.Expression(last.value), "code", "eval"), names)  # type: ignore[attr-defined]
    if library == "ONNX":
        inputs = {name: names[name] for name in ("x", "scales", "sizes", "w", "b") if name in names}
        answer = libraries.onnx_node(answer, {k: v for k, v in inputs.items() if k in answer.input})
    made = np.asarray(answer, np.float64)
    if library == "PyTorch" or layer:
        made = made[0].transpose(1, 2, 0)
    return made[:, :, 0] if made.ndim == 3 and made.shape[2] == 1 else made


def methods() -> list[Method]:
    """Every preset at several sizes, and further methods."""
    return [preset.method(**extent) for preset in all_presets() for extent in EXTENTS] + [
        from_text(text) for text in FURTHER
    ]


def main() -> int:
    here = [library for library, (dialect, _) in NAMES.items() if libraries.version(dialect) is not None]
    known = [(method, shape, None) for method in dict.fromkeys(methods()) for shape in SHAPES] + LAYERS
    worst = dict.fromkeys(here, 0.0)
    count = dict.fromkeys(here, 0)
    wrong = 0
    for method, shape, channels in known:
        x = np.random.default_rng([3, *shape]).standard_normal(shape if channels is None else (*shape, channels))
        spec = SourceSpec(shape, channels=channels)
        ours = None
        for library, call in codes(method, spec).items():
            if library not in here or (library == "ONNX" and _REFUSED.search(call)):
                continue
            if ours is None:
                ours = method.prepare(x).values
                ours = ours[:, :, 0] if ours.ndim == 3 and ours.shape[2] == 1 else ours
            try:
                answer = executed(library, call, x)
            except Exception as error:
                wrong += 1
                print(f"{library}: {shape} {method.to_text()} does not run: {error!r}\n{call}")
                continue
            off = float(np.abs(ours - answer).max()) if ours.shape == answer.shape else np.inf
            allowed = TABLED if library == "TensorFlow" and "bicubic" in call else ALLOWED.get(library, 2e-5)
            if off > allowed:
                wrong += 1
                print(f"{library}: {shape} {method.to_text()} is not\n{call}\n  off by {off:.1e}")
            elif allowed != TABLED:
                worst[library] = max(worst[library], off)
            count[library] += 1
    for library in here:
        print(f"{library:13} {count[library]:5} calls executed, at most {worst[library]:.1e} off")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

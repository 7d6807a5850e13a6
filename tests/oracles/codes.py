"""Executes the calls that dialects print, and compares what the libraries answer with our own output.

Run from the top of the repository: ``python -m tests.oracles.codes``. Libraries that are not installed are passed over,
MATLAB always.
"""

from __future__ import annotations

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
]

ALLOWED = {"PyTorch": 1e-9, "SciPy": 1e-8, "scikit-image": 1e-8}
"""The others compute in float32."""
TABLED = 5e-3
"""TensorFlow's bicubics look their weights up in a table of 1024."""


def torch_names(method: Method, x: np.ndarray) -> dict[str, Any]:
    import torch
    import torch.nn.functional as F

    names: dict[str, Any] = {"F": F, "torch": torch, "x": torch.from_numpy(x)[None, None]}
    if hasattr(method, "weights") and callable(method.weights):
        names["w"] = torch.from_numpy(np.asarray(method.weights()))[None, None]
    return names


def single(x: np.ndarray) -> np.ndarray:
    return x.astype(np.float32)


def opencv_names(method: Method, x: np.ndarray) -> dict[str, Any]:
    import cv2

    return {"cv2": cv2, "x": single(x)}


def pillow_names(method: Method, x: np.ndarray) -> dict[str, Any]:
    from PIL import Image

    return {"np": np, "Image": Image, "x": single(x)}


def skimage_names(method: Method, x: np.ndarray) -> dict[str, Any]:
    from skimage.transform import rescale, resize

    return {"resize": resize, "rescale": rescale, "x": x}


def scipy_names(method: Method, x: np.ndarray) -> dict[str, Any]:
    from scipy.ndimage import zoom

    return {"zoom": zoom, "x": x}


def jax_names(method: Method, x: np.ndarray) -> dict[str, Any]:
    import jax
    import jax.image

    return {"jax": jax, "x": single(x)}


def tensorflow_names(method: Method, x: np.ndarray) -> dict[str, Any]:
    import tensorflow

    return {"tf": tensorflow, "x": single(x)}


def onnx_names(method: Method, x: np.ndarray) -> dict[str, Any]:
    import onnx.helper as helper

    return {"helper": helper, "np": np, "x": single(x)}


NAMES: dict[str, tuple[str, Callable[[Method, np.ndarray], dict[str, Any]]]] = {
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


def executed(library: str, call: str, method: Method, x: np.ndarray) -> np.ndarray:
    """What the library answers to the text."""
    names = NAMES[library][1](method, x)
    *before, last = call.split("\n", 1) if library == "ONNX" else ["", call]
    exec("".join(before), names)
    answer = eval(last, names)
    if library == "ONNX":
        inputs = {"x": names["x"]} | {k: names[k] for k in ("scales", "sizes") if k in names}
        answer = libraries.onnx_node(answer, inputs)
    made = np.asarray(answer, np.float64)
    return made[0, 0] if library == "PyTorch" else made


def methods() -> list[Method]:
    """Every preset at several sizes, and further methods."""
    return [preset.method(**extent) for preset in all_presets() for extent in EXTENTS] + [
        from_text(text) for text in FURTHER
    ]


def main() -> int:
    here = [library for library, (dialect, _) in NAMES.items() if libraries.version(dialect) is not None]
    worst = dict.fromkeys(here, 0.0)
    count = dict.fromkeys(here, 0)
    wrong = 0
    for method in dict.fromkeys(methods()):
        for shape in SHAPES:
            x = np.random.default_rng([3, *shape]).standard_normal(shape)
            spec = SourceSpec(shape)
            ours = None
            for library, call in codes(method, spec).items():
                if library not in here:
                    continue
                ours = method.operator(spec).apply(x) if ours is None else ours
                answer = executed(library, call, method, x)
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

"""Asks the libraries for their resizing matrices and freezes them in ``tests/golden/probes``: two files for each.

A library that resizes the identity along one axis answers with its matrix. Errors of phase, edge and kernel then show
apart, as they do not in a picture. One picture that is not square, and typed factors, are asked for beside them.

Run from the top of the repository: ``python -m tests.oracles.probes`` asks every library that is installed (or those
named behind it), compares the answers with our operators, and ends with an error if one is further off than the
tolerance of its row.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.oracles import libraries

GOLDEN = Path(__file__).parents[1] / "golden" / "probes"

ENLARGE = [(4, 8), (4, 12), (4, 6), (4, 5), (3, 4), (3, 7), (5, 8), (10, 25)]
SHRINK = [(8, 3), (7, 4)]
LONG = [(8, 12), (10, 25), (16, 20)]
"""Axes on which SciPy's approximate prefilter has settled."""
BLURRED = [(8, 3), (7, 4), (20, 3), (9, 12)]
"""What scikit-image blurs before, but for the last."""
LONGER = [(16, 20), (18, 31)]
PICTURE = ((5, 8), (9, 11))


@dataclass
class Row:
    """One of a library's operators: its arguments without a size, and how they are given one.

    Parameters
    ----------
    dialect, function : str
    arguments : dict
    preset : str
        The row of presets it belongs to.
    tolerance : float
    extent : str
        The name of the argument that takes the size.
    pairs : list
        Axes (n, m) that are probed.
    more : list
        Further calls: shape, and arguments that replace the size.
    """

    dialect: str
    function: str
    arguments: dict[str, Any]
    preset: str
    tolerance: float
    extent: str = "size"
    pairs: list[tuple[int, int]] = field(default_factory=lambda: ENLARGE + SHRINK)
    more: list[tuple[tuple[int, int], dict[str, Any]]] = field(default_factory=list)

    def calls(self) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
        """Shape of the input and all arguments, for each probe; a square input is the identity."""
        for n, m in self.pairs:
            yield (n, n), self.sized((n, n), (m, n))
        if self.pairs and self.pairs[0][0] < 8:
            yield PICTURE[0], self.sized(*PICTURE)
        for shape, arguments in self.more:
            yield shape, arguments | self.arguments

    def sized(self, shape: tuple[int, int], size: tuple[int, int]) -> dict[str, Any]:
        if self.extent == "zoom":
            value: Any = [m / n for n, m in zip(shape, size)]
        elif self.extent in ("dsize", "pillow"):
            value = [size[1], size[0]]
        else:
            value = list(size)
        return {"size" if self.extent == "pillow" else self.extent: value} | self.arguments


def picture(shape: tuple[int, int]) -> np.ndarray:
    """The identity, or numbers with three digits."""
    if shape[0] == shape[1]:
        return np.eye(shape[0])
    return np.random.default_rng([7, *shape]).integers(-999, 1000, shape) / 1000


TYPED = [2, 1.5, 1.37, 0.6, (2, 1.5), (1.37, 3)]


def torch_rows() -> Iterator[Row]:
    typed = [((5, 8), {"scale_factor": s}) for s in TYPED]
    typed += [((5, 9), {"scale_factor": 1.37, "recompute_scale_factor": True}), ((3, 40), {"scale_factor": 1.3})]
    corners, smooth = {"align_corners": True}, {"antialias": True}
    rows = [
        ("nearest-floor", {"mode": "nearest"}),
        ("nearest-exact", {"mode": "nearest-exact"}),
        ("bilinear", {"mode": "bilinear"}),
        ("bilinear-corners", {"mode": "bilinear"} | corners),
        ("bilinear-antialias", {"mode": "bilinear"} | smooth),
        ("bicubic-torch", {"mode": "bicubic"}),
        ("bicubic-corners", {"mode": "bicubic"} | corners),
        ("bicubic-pillow", {"mode": "bicubic"} | smooth),
        ("lanczos3", {"mode": "lanczos"} | smooth),
        ("area-adaptive", {"mode": "area"}),
    ]
    for preset, arguments in rows:
        yield Row("torch", "interpolate", arguments, preset, 1e-12, more=typed)


def opencv_rows() -> Iterator[Row]:
    typed = [((5, 8), {"fx": fx, "fy": fy}) for fx, fy in ((2, 2), (1.5, 1.5), (1.37, 2.6), (0.6, 1.8), (1.06, 0.95))]
    shares = [(0.5, 0.5), (1.5, 2), (0.6, 0.37), (0.9, 0.55), (1, 0.34), (2.6, 0.6), (0.3, 1.56)]
    rows = [
        ("nearest-floor", "INTER_NEAREST", typed),
        ("bilinear", "INTER_LINEAR", typed),
        ("bicubic-torch", "INTER_CUBIC", typed),
        ("area-overlap", "INTER_AREA", [((6, 8), {"fx": fx, "fy": fy}) for fx, fy in shares]),
        ("lanczos4-cv2", "INTER_LANCZOS4", typed),
        ("bilinear", "INTER_LINEAR_EXACT", typed),
        ("nearest-pillow", "INTER_NEAREST_EXACT", typed),
    ]
    for preset, flag, more in rows:
        pairs = ENLARGE + SHRINK + [(8, 4), (12, 4)]
        yield Row("opencv", "resize", {"interpolation": flag}, preset, 5e-6, "dsize", pairs, more)


def pillow_rows() -> Iterator[Row]:
    boxes = [((6, 9), {"size": [7, 5], "box": box}) for box in ([1, 0, 8, 6], [0.5, 1.25, 6.75, 5.5], [2, 1, 4, 3])]
    gaps = [((23, 41), {"size": [5, 3], "reducing_gap": gap}) for gap in (1.0, 1.7, 3.0)]
    gaps.append(((23, 41), {"size": [50, 2], "reducing_gap": 1.5, "box": [3.25, 1, 40, 22.5]}))
    rows = [
        ("nearest-pillow", "NEAREST"),
        ("nearest-exact", "BOX"),
        ("bilinear-antialias", "BILINEAR"),
        ("hamming", "HAMMING"),
        ("bicubic-pillow", "BICUBIC"),
        ("lanczos3", "LANCZOS"),
    ]
    for preset, name in rows:
        more = [] if name == "NEAREST" else boxes + gaps
        pairs = ENLARGE + SHRINK + ([(11, 6), (13, 12), (17, 10), (6, 47)] if name == "BOX" else [])
        yield Row("pillow", "resize", {"resample": name}, preset, 5e-6, "pillow", pairs, more)
    yield Row("pillow", "transform", {}, "bicubic-pil-affine", 5e-6, "pillow", ENLARGE)


def skimage_rows() -> Iterator[Row]:
    plain = {"anti_aliasing": False, "clip": False}
    yield Row("skimage", "resize", {"order": 0} | plain, "nearest-exact", 0, "output_shape")
    for mode in ("reflect", "edge", "constant", "symmetric", "wrap"):
        preset = {"reflect": "bilinear-mirror", "edge": "bilinear", "constant": "bilinear-zero"}.get(mode, "bilinear")
        yield Row("skimage", "resize", {"order": 1, "mode": mode} | plain, preset, 1e-12, "output_shape")
    typed = [((5, 8), {"scale": s}) for s in (1.5, (1.37, 3), 2.5, 0.1)]
    yield Row("skimage", "rescale", {"order": 1, "mode": "edge"} | plain, "bilinear", 1e-12, pairs=[], more=typed)
    yield from _splines("skimage", "resize", "output_shape", plain, {"reflect": "mirror", "edge": "replicate"})
    smooth = {"anti_aliasing": True, "clip": False}
    for mode in ("reflect", "edge", "constant", "symmetric", "wrap"):
        for order in (0, 1) if mode == "symmetric" else (0, 1, 3):
            loose = 1e-9 if order == 3 and mode in ("edge", "constant") else 1e-12
            arguments = {"order": order, "mode": mode} | smooth
            yield Row("skimage", "resize", arguments, "blurred", loose, "output_shape", BLURRED)
    shrunk = [((12, 31), {"scale": s}) for s in (0.5, (0.3, 1.5), 0.11)]
    words = {"order": 0, "mode": "constant", "cval": 0.75, "clip": False}
    yield Row("skimage", "rescale", words, "blurred", 1e-12, pairs=[], more=shrunk)
    for order, pairs in ((2, LONG), (3, LONG), (4, LONGER), (5, LONGER)):
        arguments = {"order": order, "mode": "symmetric"} | plain
        yield Row("skimage", "resize", arguments, "bspline-symmetric", 1e-8, "output_shape", pairs)


def scipy_rows() -> Iterator[Row]:
    grid = {"grid_mode": True}
    yield Row("scipy", "zoom", {"order": 0}, "nearest-corners", 0, "zoom")
    yield Row("scipy", "zoom", {"order": 0, "mode": "nearest"} | grid, "nearest-exact", 0, "zoom")
    typed = [((5, 8), {"zoom": s}) for s in (1.5, (1.37, 3), 2.5, 0.6)]
    yield Row("scipy", "zoom", {"order": 1}, "bilinear-corners", 1e-12, "zoom", more=typed)
    for mode, preset in (("nearest", "bilinear"), ("grid-constant", "bilinear-zero"), ("mirror", "bilinear-mirror")):
        yield Row("scipy", "zoom", {"order": 1, "mode": mode} | grid, preset, 1e-12, "zoom", more=typed)
    for order in (2, 3, 4, 5):
        yield Row("scipy", "zoom", {"order": order}, "bspline-zoom", 1e-11 if order == 5 else 1e-12, "zoom")
    modes = {"mirror": "mirror", "nearest": "replicate", "grid-wrap": "wrap"}
    yield from _splines("scipy", "zoom", "zoom", grid, modes)
    for order, pairs in ((2, LONG), (3, LONG), (4, LONGER), (5, LONGER)):
        arguments = {"order": order, "mode": "reflect"} | grid
        yield Row("scipy", "zoom", arguments, "bspline-symmetric", 1e-8, "zoom", pairs)
    for order in (2, 3, 4, 5):
        arguments = {"order": order, "mode": "reflect", "prefilter": False} | grid
        yield Row("scipy", "zoom", arguments, "bspline-smooth", 1e-12, "zoom")


def _splines(
    dialect: str, function: str, extent: str, arguments: dict[str, Any], modes: dict[str, str]
) -> Iterator[Row]:
    for mode, edge in modes.items():
        for order in (2, 3, 4, 5):
            exact = 1e-11 if order == 5 else 1e-12
            tolerance = exact if edge != "replicate" else 1e-9 if order < 4 else 1e-8
            words = {"order": order, "mode": mode} | arguments
            yield Row(dialect, function, words, f"bspline-{edge}", tolerance, extent)


def jax_rows() -> Iterator[Row]:
    rows = [
        ("nearest-exact", {"method": "nearest"}),
        ("bilinear-antialias", {"method": "linear"}),
        ("bilinear", {"method": "linear", "antialias": False}),
        ("bicubic-pillow", {"method": "cubic"}),
        ("bicubic-pillow", {"method": "cubic", "antialias": False}),
        ("bicubic-torch", {"method": "cubic-pytorch", "antialias": False}),
        ("bicubic-pillow", {"method": "cubic-pytorch"}),
        ("lanczos3", {"method": "lanczos3"}),
        ("lanczos5", {"method": "lanczos5"}),
        ("lanczos5", {"method": "lanczos5", "antialias": False}),
        ("area-overlap", {"method": "area"}),
    ]
    for preset, arguments in rows:
        # At 10 → 25 the compiled division falls to the other side of ties.
        pairs = [pair for pair in ENLARGE + SHRINK if preset != "nearest-exact" or pair != (10, 25)]
        yield Row("jax", "resize", arguments, preset, 5e-6, "new_shape", pairs)


def tensorflow_rows() -> Iterator[Row]:
    second = {
        "nearest": "nearest-exact",
        "bilinear": "bilinear",
        "bicubic": "bicubic-pillow",
        "area": "area-overlap",
        "lanczos3": "lanczos3",
        "lanczos5": "lanczos5",
        "gaussian": "gaussian",
        "mitchellcubic": "mitchell",
    }
    for method, preset in second.items():
        table = 1e-3 if method == "bicubic" else 5e-6
        yield Row("tensorflow", "resize", {"method": method}, preset, table)
        if method not in ("nearest", "area"):
            # With these a tap lies just on the rim, where the Gaussian jumps.
            pairs = ENLARGE + SHRINK + ([(28, 13), (40, 29), (29, 24), (30, 33)] if preset == "gaussian" else [])
            smooth = "bilinear-antialias" if preset == "bilinear" else preset
            yield Row("tensorflow", "resize", {"method": method, "antialias": True}, smooth, 5e-6, pairs=pairs)
    for function in ("resize_nearest_neighbor", "resize_bilinear", "resize_bicubic"):
        name = function.removeprefix("resize_").removesuffix("_neighbor")
        tolerance = 1e-3 if name == "bicubic" else 5e-6
        first = "nearest-floor" if name == "nearest" else f"{name}-tf1"
        yield Row("tensorflow", function, {}, first, tolerance)
        yield Row("tensorflow", function, {"align_corners": True}, f"{name}-corners", tolerance)
        yield Row("tensorflow", function, {"half_pixel_centers": True}, name, tolerance)


def onnx_rows() -> Iterator[Row]:
    typed = [((5, 8), {"scales": s}) for s in ([2, 2], [1.5, 1.37], [0.6, 2.5])]
    plain, corners = (
        {"coordinate_transformation_mode": "asymmetric"},
        {"coordinate_transformation_mode": "align_corners"},
    )
    pillow = {"cubic_coeff_a": -0.5, "exclude_outside": 1, "antialias": 1}
    rows = [
        ("nearest-onnx", {}),
        ("nearest-floor", {"nearest_mode": "floor"} | plain),
        ("nearest-exact", {"nearest_mode": "round_prefer_ceil"}),
        ("nearest-corners", {"nearest_mode": "round_prefer_ceil"} | corners),
        ("nearest-article", {"nearest_mode": "round_prefer_ceil"} | plain),
        ("bilinear", {"mode": "linear"}),
        ("bilinear-antialias", {"mode": "linear", "antialias": 1, "exclude_outside": 1}),
        ("bilinear", {"mode": "linear", "antialias": 1}),
        ("bilinear-corners", {"mode": "linear"} | corners),
        ("bilinear-tf1", {"mode": "linear"} | plain),
        ("bilinear", {"mode": "linear", "coordinate_transformation_mode": "half_pixel_symmetric"}),
        ("bilinear", {"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"}),
        ("bicubic-torch", {"mode": "cubic"}),
        ("bicubic-corners", {"mode": "cubic"} | corners),
        ("bicubic-pillow", {"mode": "cubic"} | pillow),
    ]
    for preset, arguments in rows:
        exact = arguments.get("mode", "nearest") == "nearest"
        yield Row("onnx", "resize", arguments, preset, 5e-6, "sizes", more=[] if exact else typed)


ROWS = {
    "torch": torch_rows,
    "opencv": opencv_rows,
    "pillow": pillow_rows,
    "skimage": skimage_rows,
    "scipy": scipy_rows,
    "jax": jax_rows,
    "tensorflow": tensorflow_rows,
    "onnx": onnx_rows,
}

NEAREST = {
    "torch_nearest": ("torch", "interpolate", {"mode": "nearest"}, "size"),
    "torch_nearest_exact": ("torch", "interpolate", {"mode": "nearest-exact"}, "size"),
    "opencv_nearest": ("opencv", "resize", {"interpolation": "INTER_NEAREST"}, "dsize"),
    "opencv_nearest_exact": ("opencv", "resize", {"interpolation": "INTER_NEAREST_EXACT"}, "dsize"),
    "pillow_nearest": ("pillow", "resize", {"resample": "NEAREST"}, "pillow"),
    "skimage_order_0": ("skimage", "resize", {"order": 0, "anti_aliasing": False}, "output_shape"),
    "tensorflow_nearest": ("tensorflow", "resize", {"method": "nearest"}, "size"),
    "scipy_order_0": ("scipy", "zoom", {"order": 0, "mode": "nearest", "grid_mode": True}, "zoom"),
    "scipy_corners": ("scipy", "zoom", {"order": 0, "mode": "nearest"}, "zoom"),
}
"""Rules of nearest that are asked for all pairs of sizes 1 … 64."""

SIDES = range(1, 65)


def index_tables(name: str) -> np.ndarray:
    """Which sample each output takes, all pairs of sizes one after another."""
    dialect, function, arguments, extent = NEAREST[name]
    row = Row(dialect, function, arguments, "", 0, extent)
    found = []
    for n in SIDES:
        ramp = np.repeat(np.arange(n, dtype=np.float64)[:, None], 2, axis=1)
        for m in SIDES:
            answer = libraries.ask(dialect, function, ramp, row.sized((n, 2), (m, 2)))
            found.append(answer[:, 0])
    return np.concatenate(found).astype(np.uint8)


def freeze(dialect: str) -> float:
    """Write what one library answers; how far off we are, as a share of what is allowed."""
    import workbench.kernels.registry  # noqa: F401  dialects know methods by name
    from workbench.kernels.method import SourceSpec

    module = importlib.import_module(f"workbench.kernels.dialects.{dialect}")
    lines, values, worst = [], {}, 0.0
    for number, row in enumerate(ROWS[dialect]()):
        answers, probes, off = [], [], 0.0
        for shape, arguments in row.calls():
            x = picture(shape)
            answer = libraries.ask(dialect, row.function, x, dict(arguments))
            ours = getattr(module, row.function)(shape, **arguments).operator(SourceSpec(shape)).affine(x)
            off = max(off, float(np.abs(ours - answer).max()) if ours.shape == answer.shape else np.inf)
            answers.append(answer.ravel())
            probes.append([list(shape), arguments, list(answer.shape)])
        single = row.tolerance >= 5e-6
        values[f"row{number}"] = np.concatenate(answers).astype(np.float32 if single else np.float64)
        head = {"function": row.function, "preset": row.preset, "tolerance": row.tolerance}
        lines.append("  " + json.dumps(head | {"probes": probes}))
        print(f"{'ok ' if off <= row.tolerance else 'OFF'} {dialect}.{row.function} {row.arguments} {off:.1e}")
        worst = max(worst, off / row.tolerance if row.tolerance else float(off > 0) * 2)
    about = {"library": libraries.PACKAGES[dialect][0], "version": libraries.version(dialect)}
    about["licence"] = libraries.PACKAGES[dialect][1]
    text = json.dumps(about, indent=1)[:-2] + ',\n "rows": [\n' + ",\n".join(lines) + "\n ]\n}\n"
    (GOLDEN / f"{dialect}.json").write_text(text, encoding="utf-8")
    np.savez_compressed(GOLDEN / f"{dialect}.npz", **values)
    return worst


def main(names: list[str]) -> int:
    GOLDEN.mkdir(exist_ok=True)
    wanted = [name for name in names or ROWS if libraries.version(name) is not None]
    worst = [freeze(name) for name in wanted]
    for name, (dialect, *_) in NEAREST.items():
        if dialect in wanted:
            np.savez_compressed(GOLDEN / f"nearest_{name}.npz", index=index_tables(name))
    return int(max(worst, default=0) > 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

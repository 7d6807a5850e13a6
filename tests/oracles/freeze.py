"""Asks the libraries, and freezes their answers in ``tests/golden``: one file for each library.

Run from the top of the repository with torch and scikit-image installed (the ``oracles`` group, not in the lock):
``python -m tests.oracles.freeze``. Each case holds the call as one would type it, the same thing in our words, and the
numbers; the suite then needs none of these libraries and cannot change with them.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).parents[1] / "golden"
Case = dict[str, Any]


def pixels(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers with three digits, so that a person can follow a case with a pencil."""
    return np.random.default_rng([seed, *shape]).integers(-999, 1000, shape) / 1000


def torch_cases() -> Iterator[Case]:
    import torch
    import torch.nn.functional as F

    def ask(call: str, method: Case, x: np.ndarray, **names: Any) -> Case:
        """Evaluate the very text that is stored."""
        known = {"x": torch.from_numpy(x)[None, None], "F": F, "torch": torch}
        known |= {name: torch.from_numpy(np.asarray(value)) for name, value in names.items()}
        answer = eval(call, known)
        case = {"call": call, "method": method, "input": x.tolist()}
        case |= {name: np.asarray(value).tolist() for name, value in names.items()}
        if isinstance(answer, tuple):
            answer, indices = answer
            case["indices"] = indices[0, 0].tolist()
        return case | {"output": answer[0, 0].tolist()}

    for n, m in [((3, 5), (4, 9)), ((4, 7), (6, 5)), ((5, 2), (8, 7)), ((10, 3), (25, 3)), ((7, 6), (5, 12))]:
        size = f"size={m}"
        x = pixels(*n)
        nearest = {"method": "nearest", "size": list(m)}
        yield ask(
            f"F.interpolate(x, {size}, mode='nearest')", nearest | {"grid": "asymmetric", "tie": "torch_floor"}, x
        )
        yield ask(f"F.interpolate(x, {size}, mode='nearest-exact')", nearest | {"tie": "torch_exact"}, x)
        linear = {"method": "bilinear", "size": list(m)}
        yield ask(f"F.interpolate(x, {size}, mode='bilinear')", linear, x)
        yield ask(
            f"F.interpolate(x, {size}, mode='bilinear', align_corners=True)", linear | {"grid": "align_corners"}, x
        )
    for scale in (2, 1.5, 1.37, 0.6, (2, 1.5), (1.37, 3)):
        text = f"scale_factor={scale}"
        linear = {"method": "bilinear", "scale": scale, "factor": "typed"}
        x = pixels(5, 8)
        yield ask(f"F.interpolate(x, {text}, mode='bilinear')", linear, x)
        yield ask(
            f"F.interpolate(x, {text}, mode='bilinear', recompute_scale_factor=True)",
            linear | {"factor": "from_size"},
            x,
        )
        yield ask(
            f"F.interpolate(x, {text}, mode='bilinear', align_corners=True)", linear | {"grid": "align_corners"}, x
        )
        yield ask(f"F.interpolate(x, {text}, mode='nearest-exact')", nearest_typed(scale), x)
    yield ask(
        "F.interpolate(x, size=(3, 5), mode='bilinear', antialias=True)",
        {"method": "bilinear", "size": [3, 5], "antialias": True, "edge": "exclude"},
        pixels(8, 11),
    )

    layers: list[tuple[tuple[int, int], tuple[int, int], Case]] = [
        ((2, 3), (3, 3), {}),
        ((4, 3), (3, 3), {"stride": 2}),
        ((4, 3), (3, 3), {"stride": 2, "padding": 1}),
        ((4, 3), (3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
        ((3, 5), (2, 2), {"stride": 2}),
        ((3, 5), (4, 4), {"stride": 2, "padding": 1}),
        ((3, 5), (2, 2), {"stride": 3, "output_padding": 2}),
        ((3, 5), (3, 2), {"stride": (2, 3), "padding": (1, 0), "output_padding": (0, 2)}),
        ((4, 3), (3, 3), {"stride": 1, "dilation": 2}),
        ((4, 3), (3, 3), {"stride": 2, "dilation": (3, 2), "padding": (4, 1)}),
        ((4, 3), (2, 3), {"stride": 1, "dilation": 3, "output_padding": 2}),
        ((1, 1), (3, 3), {"stride": 2, "padding": 1, "output_padding": 1}),
        ((6, 5), (5, 1), {"stride": (1, 4), "padding": (4, 0), "output_padding": (0, 3)}),
        ((5, 4), (3, 3), {"stride": 2, "padding": 3}),
        ((3, 4), (5, 5), {"stride": 4, "padding": 2, "output_padding": (3, 1)}),
    ]
    for shape, kernel, options in layers:
        w = pixels(*kernel, seed=1)
        words = "".join(f", {name}={value}" for name, value in options.items())
        method = {"method": "transposed_conv", "kernel": w.tolist(), "stride": 1} | options
        yield ask(f"F.conv_transpose2d(x, w[None, None]{words})", method, pixels(*shape), w=w)

    forwards: list[tuple[tuple[int, int], tuple[int, int], Case]] = [
        ((7, 9), (3, 3), {}),
        ((7, 9), (3, 3), {"stride": 2, "padding": 1}),
        ((8, 7), (2, 4), {"stride": (3, 2), "padding": (0, 2)}),
        ((9, 11), (3, 3), {"dilation": (2, 3), "padding": 3}),
        ((9, 11), (3, 2), {"stride": (2, 1), "dilation": (4, 5), "padding": (1, 0)}),
    ]
    for shape, kernel, options in forwards:
        w = pixels(*kernel, seed=2)
        words = "".join(f", {name}={value}" for name, value in options.items())
        method = {"method": "convolution", "kernel": w.tolist(), "stride": 1} | options
        yield ask(f"F.conv2d(x, w[None, None]{words})", method, pixels(*shape), w=w)

    pools: list[tuple[tuple[int, int], tuple[int, int], Case]] = [
        ((4, 6), (2, 2), {}),
        ((5, 7), (2, 2), {"ceil_mode": True}),
        ((7, 5), (3, 3), {"stride": (2, 2), "padding": 1}),
        ((7, 8), (3, 2), {"stride": (2, 3), "padding": (1, 0), "ceil_mode": True}),
        ((9, 8), (2, 3), {"stride": (1, 2), "dilation": (3, 2)}),
        ((9, 11), (3, 3), {"stride": (3, 3), "padding": 1, "dilation": 2, "ceil_mode": True}),
    ]
    for shape, kernel, options in pools:
        words = "".join(f", {name}={value}" for name, value in options.items())
        method = {"method": "max_pool", "kernel": kernel} | options
        yield ask(f"F.max_pool2d(x, {kernel}{words}, return_indices=True)", method, pixels(*shape))
    ties = np.array([[1.0, 1, 0, 2], [1, 1, 2, 2], [-3, -3, 0, 0]])
    yield ask("F.max_pool2d(x, 2, return_indices=True)", {"method": "max_pool", "kernel": 2}, ties)

    averages: list[tuple[tuple[int, int], tuple[int, int], Case]] = [
        ((4, 6), (2, 2), {}),
        ((4, 4), (3, 3), {"stride": (2, 2), "padding": 1}),
        ((4, 4), (3, 3), {"stride": (2, 2), "padding": 1, "count_include_pad": False}),
        ((4, 5), (3, 3), {"stride": (2, 2), "padding": 1, "ceil_mode": True}),
        ((7, 8), (3, 2), {"stride": (2, 3), "padding": (1, 0), "ceil_mode": True, "count_include_pad": False}),
        ((6, 9), (2, 3), {"stride": (2, 3), "divisor_override": 4}),
        ((7, 5), (3, 2), {"stride": (2, 2), "padding": (1, 1), "ceil_mode": True, "divisor_override": 5}),
    ]
    for shape, kernel, options in averages:
        words = "".join(f", {name}={value}" for name, value in options.items())
        ours = {name.replace("divisor_override", "divisor"): value for name, value in options.items()}
        method = {"method": "average_pool", "kernel": kernel} | ours
        yield ask(f"F.avg_pool2d(x, {kernel}{words})", method, pixels(*shape))

    for shape, kernel, stride in [((4, 6), 2, 2), ((5, 7), 2, 2), ((9, 6), 3, 3), ((9, 8), 3, 3), ((6, 9), 2, 3)]:
        source = torch.from_numpy(pixels(*shape, seed=3))[None, None]
        values, where = F.max_pool2d(source, kernel, stride, return_indices=True)
        x, indices = values[0, 0].numpy() + 2, where[0, 0].numpy()
        # Without output_size torch takes the smallest plane, where the indices may point elsewhere.
        call = f"F.max_unpool2d(x, indices[None, None], {kernel}, {stride}, output_size={shape})"
        yield ask(call, {"method": "max_unpool", "indices": indices.tolist(), "plane": list(shape)}, x, indices=indices)


def nearest_typed(scale: Any) -> Case:
    return {"method": "nearest", "scale": scale, "factor": "typed", "tie": "torch_exact"}


def scikit_image_cases() -> Iterator[Case]:
    import skimage.transform

    edges = {"edge": "replicate", "reflect": "mirror", "symmetric": "symmetric", "constant": "zero", "wrap": "wrap"}
    for n, m in [((4, 6), (8, 9)), ((5, 3), (8, 7)), ((8, 11), (3, 4))]:
        x = pixels(*n, seed=4)
        calls = [
            (
                f"resize(x, {m}, order=0, anti_aliasing=False)",
                {"method": "nearest", "size": list(m), "tie": "scipy"},
            )
        ]
        for theirs, ours in edges.items():
            options = f"order=1, mode='{theirs}', anti_aliasing=False, clip=False"
            calls.append((f"resize(x, {m}, {options})", {"method": "bilinear", "size": list(m), "edge": ours}))
        for call, method in calls:
            answer = eval(call, {"resize": skimage.transform.resize, "x": x})
            yield {"call": call, "method": method, "input": x.tolist(), "output": answer.tolist()}


def write(name: str, library: str, version: str, licence: str, cases: Iterator[Case]) -> None:
    """One file, one case a line: a change of one case is a change of one line."""
    head = {"library": library, "version": version, "licence": licence, "machine": platform.machine()}
    lines = ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in cases)
    text = json.dumps(head, indent=1)[:-2] + ',\n "cases": [\n' + lines + "\n ]\n}\n"
    json.loads(text)
    (GOLDEN / name).write_text(text, encoding="utf-8")


def main() -> None:
    import skimage
    import torch

    write("torch.json", "torch", torch.__version__.split("+")[0], "BSD-3-Clause", torch_cases())
    write("scikit_image.json", "scikit-image", skimage.__version__, "BSD-3-Clause", scikit_image_cases())


if __name__ == "__main__":
    main()

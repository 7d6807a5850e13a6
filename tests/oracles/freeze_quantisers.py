"""Freezes what libraries store for 8-bit pictures, each with our method and the rounding rule that must give its bits.

Run from the top of the repository with the ``oracles`` group installed: ``python -m tests.oracles.freeze_quantisers``.
The pictures are noise, on which every rounding shows.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).parents[1] / "golden"
SIZES = [((13, 8), (29, 23)), ((9, 14), (18, 28)), ((17, 12), (7, 5)), ((8, 11), (21, 4)), ((15, 9), (4, 20))]
"""The last one makes Pillow go down before it goes across."""
EXCLUDE = {"antialias": True, "edge": "exclude"}


def picture(shape: tuple[int, int]) -> np.ndarray:
    """Noise; a few pixels black or white, so that limits are met."""
    rng = np.random.default_rng([7, *shape])
    x = rng.integers(0, 256, shape)
    extreme = rng.random(shape) < 0.3
    x[extreme] = rng.choice([0, 255], shape)[extreme]
    return x.astype(np.uint8)


def calls() -> Iterator[tuple[str, dict[str, Any], str, list[Any]]]:
    """Call, our method without its size, rounding rule, and the sizes it is asked for."""
    enlarging = [pair for pair in SIZES if pair[0][0] < pair[1][0] and pair[0][1] < pair[1][1]]
    reducing = [pair for pair in SIZES if pair[0][0] > pair[1][0] and pair[0][1] > pair[1][1]]
    mixed = [pair for pair in SIZES if pair not in (*enlarging, *reducing)]
    pillow = {
        "BOX": {"method": "box"} | EXCLUDE,
        "BILINEAR": {"method": "bilinear"} | EXCLUDE,
        "HAMMING": {"method": "hamming"} | EXCLUDE,
        "BICUBIC": {"method": "bicubic", "a": -0.5} | EXCLUDE,
        "LANCZOS": {"method": "lanczos", "r": 3} | EXCLUDE,
    }
    for name, method in pillow.items():
        call = f"np.asarray(Image.fromarray(x).resize((w, h), Image.Resampling.{name}))"
        yield call, method, "two_pass_22", SIZES
    torch = {
        'mode="bilinear"': {"method": "bilinear"},
        'mode="bicubic"': {"method": "bicubic", "a": -0.75},
        'mode="bilinear", antialias=True': {"method": "bilinear"} | EXCLUDE,
        'mode="bicubic", antialias=True': {"method": "bicubic", "a": -0.5} | EXCLUDE,
    }
    for words, method in torch.items():
        call = f"F.interpolate(torch.from_numpy(x)[None, None], size=(h, w), {words})[0, 0].numpy()"
        yield call, method, "two_pass_16", SIZES
    cv2 = {
        "INTER_CUBIC": ({"method": "bicubic", "a": -0.75}, "round_once", SIZES),
        "INTER_LINEAR_EXACT": ({"method": "bilinear"}, "weights_256", SIZES),
        "INTER_LINEAR": ({"method": "bilinear"}, "linear_11", SIZES),
        "INTER_LANCZOS4": ({"method": "lanczos", "r": 4, "edge": "replicate"}, "fixed_11", SIZES),
        "INTER_AREA": ({"method": "area", "rule": "overlap"}, "round_even", reducing),
        "INTER_AREA ": ({"method": "area", "rule": "cv2"}, "linear_11", [*enlarging, *mixed]),
    }
    for name, (method, rule, sizes) in cv2.items():
        yield f"cv2.resize(x, (w, h), interpolation=cv2.{name.strip()})", method, rule, sizes
    affine = "(x.shape[1] / w, 0, 0, 0, x.shape[0] / h, 0)"
    call = (
        f"np.asarray(Image.fromarray(x).transform((w, h), Image.Transform.AFFINE, {affine}, Image.Resampling.BICUBIC))"
    )
    yield call, {"method": "bicubic", "a": -1.0}, "truncate", enlarging
    call = "scipy.ndimage.zoom(x, (h / x.shape[0], w / x.shape[1]), order=3, mode='mirror', grid_mode=True)"
    yield call, {"method": "bspline", "order": 3, "edge": "mirror"}, "round_once", SIZES
    for order in (1, 3):
        method = {"method": "bilinear", "edge": "mirror"}
        method = method if order == 1 else {"method": "bspline", "order": 3, "edge": "mirror"}
        call = f"skimage.transform.resize(x.astype(float), (h, w), order={order}, anti_aliasing=False)"
        yield call, method, "clip_to_input", enlarging


def cases() -> Iterator[dict[str, Any]]:
    import cv2
    import scipy.ndimage
    import skimage.transform
    import torch
    import torch.nn.functional as F
    from PIL import Image

    known = {"np": np, "cv2": cv2, "torch": torch, "F": F, "Image": Image, "skimage": skimage, "scipy": scipy}
    for call, method, rule, sizes in calls():
        for shape, (h, w) in sizes:
            x = picture(shape)
            answer = np.asarray(eval(call, known | {"x": x, "h": h, "w": w}))
            yield {
                "call": call,
                "quantiser": rule,
                "method": method | {"size": [h, w]},
                "input": x.tolist(),
                "output": answer.tolist(),
            }


def with_alpha() -> Iterator[dict[str, Any]]:
    """Pillow's RGBA: premultiplied, resampled and divided, each step in 8 bits."""
    from PIL import Image

    for shape, (h, w) in SIZES[:3]:
        planes = [picture(shape), np.roll(picture(shape), 3, axis=0), picture(shape).T.reshape(shape), picture(shape)]
        x = np.stack(planes, axis=2)
        answer = np.asarray(Image.fromarray(x, "RGBA").resize((w, h), Image.Resampling.BICUBIC))
        call = 'np.asarray(Image.fromarray(x, "RGBA").resize((w, h), Image.Resampling.BICUBIC))'
        yield {"call": call, "preset": "pillow.bicubic", "input": x.tolist(), "output": answer.tolist()}


def main() -> None:
    import cv2
    import PIL
    import scipy
    import skimage
    import torch

    versions = {
        "Pillow": PIL.__version__,
        "torch": torch.__version__.split("+")[0],
        "opencv-python-headless": cv2.__version__,
        "scikit-image": skimage.__version__,
        "scipy": scipy.__version__,
    }
    head = {"libraries": versions, "licences": "MIT-CMU, BSD-3-Clause, Apache-2.0, BSD-3-Clause, BSD-3-Clause"}
    head["machine"] = platform.machine()
    lines = ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases())
    alpha = ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in with_alpha())
    text = json.dumps(head, indent=1)[:-2] + f',\n "cases": [\n{lines}\n ],\n "alpha": [\n{alpha}\n ]\n}}\n'
    json.loads(text)
    (GOLDEN / "quantisers.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

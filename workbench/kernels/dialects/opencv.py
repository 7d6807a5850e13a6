"""OpenCV's words for our methods: ``cv2.resize`` of a floating-point ``x``.

Source: OpenCV 5.0. Sizes are (width, height); with ``dsize=None`` they are n·f rounded half to even, and coordinates
use the factor as typed, unless the picture keeps its size and is copied. The third positional argument is ``dst``: an
interpolation has to be given by keyword.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.kernels.arrays import Shape
from workbench.kernels.dialects.arguments import chosen, factor, image_shape, leaves_a_pixel, listed, made, sizes
from workbench.kernels.dialects.calls import Arguments, call_for, extents, spelled
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.resampling import SizeRule, output_size
from workbench.kernels.resize import Factor

FLAGS: dict[str, tuple[str, dict[str, Any]]] = {
    "INTER_NEAREST": ("nearest", {"grid": "asymmetric", "tie": "cv2_floor"}),
    "INTER_LINEAR": ("bilinear", {}),
    "INTER_CUBIC": ("bicubic", {"a": -0.75}),
    "INTER_AREA": ("area", {"rule": "cv2_reducing"}),
    "INTER_LANCZOS4": ("lanczos", {"r": 4, "edge": "replicate"}),
    "INTER_LINEAR_EXACT": ("bilinear", {}),
    "INTER_NEAREST_EXACT": ("nearest", {"tie": "pillow"}),
}
"""In the order of OpenCV's numbers, 0 … 6."""

BY_SIZES_ONLY = ("INTER_NEAREST_EXACT",)
"""What looks at the two sizes alone."""


def resize(shape: Shape, dsize: Any = None, fx: Any = 0, fy: Any = 0, interpolation: Any = "INTER_LINEAR") -> Method:
    """What ``cv2.resize`` does to an image of this shape.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    dsize : (int, int), optional
        Columns and rows, as OpenCV has it; overrides ``fx`` and ``fy``.
    interpolation : str or int
        The name of the flag without ``cv2.``, or its number.
    """
    n = image_shape(shape)
    names = dict(enumerate(FLAGS)) | {name: name for name in FLAGS}
    name = chosen("interpolation", interpolation, names)
    id, fields = FLAGS[name]
    if dsize is not None and [*listed("dsize", dsize)] != [0, 0]:
        width, height = sizes("dsize", dsize)
        fields = _area(name, height > n[0] or width > n[1], fields)
        return made(id, size=(height, width), **fields)
    scale = (factor("fy", fy), factor("fx", fx))
    m = [output_size(length, f, SizeRule.ROUND_EVEN) for length, f in zip(n, scale, strict=True)]
    for word, length, wanted, f in zip(("fy", "fx"), n, m, scale, strict=True):
        leaves_a_pixel(word, length, wanted, f)
    if n == (m[0], m[1]):  # a picture that keeps its size is copied, whatever the factors
        return made(id, size=n, **fields)
    if name in BY_SIZES_ONLY:
        return made(id, size=(m[0], m[1]), **fields)
    fields = _area(name, max(scale) > 1, fields)
    return made(id, scale=scale, size_rule=SizeRule.ROUND_EVEN, factor=Factor.TYPED, **fields)


def _area(name: str, grows: bool, fields: dict[str, Any]) -> dict[str, Any]:
    """OpenCV takes windows if no axis grows, and otherwise a rule of its own for both."""
    return {"rule": "cv2"} if name == "INTER_AREA" and grows else fields


def code(method: Method, source: SourceSpec | None = None) -> str | None:
    """The equivalent ``cv2.resize`` of a floating-point ``x`` of shape (H, W) or (H, W, C), or None."""
    return call_for(method, source, _attempts, resize, _written)


def _attempts(method: Method, shape: Shape, wanted: Shape) -> Iterator[Arguments]:
    for extent in extents(method, shape, wanted):
        for name in FLAGS:
            if "scale" in extent:
                yield {"fx": extent["scale"][1], "fy": extent["scale"][0], "interpolation": name}
            else:
                yield {"dsize": (wanted[1], wanted[0]), "interpolation": name}


def _written(arguments: Arguments) -> str:
    flag = f"interpolation=cv2.{arguments['interpolation']})"
    if "dsize" in arguments:
        return f"cv2.resize(x, {arguments['dsize']},\n  {flag}"
    return f"cv2.resize(x, None,\n  fx={spelled(arguments['fx'])}, fy={spelled(arguments['fy'])},\n  {flag}"

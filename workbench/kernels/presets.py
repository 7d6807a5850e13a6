"""Methods under the names that libraries have for them: ``torch.bicubic``, ``pillow.lanczos``, ``opencv.inter_cubic``.

A preset is a method with some of its fields set, taken from the tables of `dialects`; all others can still be given:
``pillow.lanczos:scale=4``. A bare "bicubic" is at least six operators; each of them has a name here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from workbench.kernels.dialects import jax, matlab, opencv, pillow, skimage, tensorflow, torch
from workbench.kernels.dialects.arguments import made
from workbench.kernels.method import Method

Entry = tuple[str, Mapping[str, Any]]
Row = tuple[str, Entry, str, str]


@dataclass(frozen=True, slots=True)
class Preset:
    """One of a library's choices.

    Parameters
    ----------
    id : str
        As on the command line: ``"torch.bicubic"``.
    library : str
        As its makers write it: ``"PyTorch"``.
    label : str
        The choice in the library's own words: ``'mode="bicubic"'``.
    base : str
        Id of the method it is made of.
    fields : mapping
        What it sets of that method.
    note : str
        What to know of it: which of the operators of this name it is.
    """

    id: str
    library: str
    label: str
    base: str
    fields: Mapping[str, Any]
    note: str

    def method(self, **changes: Any) -> Method:
        """The method, with other fields changed."""
        return made(self.base, **{**self.fields, **changes})

    @property
    def text(self) -> str:
        """The method in the words of the command line."""
        return self.method().to_text()


def all_presets(library: str | None = None) -> tuple[Preset, ...]:
    """Every preset in the order of the menus, or those of one library."""
    return tuple(preset for preset in PRESETS.values() if library in (None, preset.library))


def _presets(prefix: str, library: str, common: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[Preset]:
    for name, (base, fields), label, note in rows:
        chosen = MappingProxyType({**common, **fields})
        yield Preset(f"{prefix}.{name}", library, label, base, chosen, note)


def _with(entry: Entry, **fields: Any) -> Entry:
    return entry[0], {**entry[1], **fields}


def _torch() -> Iterator[Preset]:
    modes, smooth = torch.MODES, torch.SMOOTHED
    by_size = {"factor": "from_size"}
    corners = {"grid": "align_corners"}
    copied = {"copy_equal": True}
    rows = [
        ("nearest", modes["nearest"], 'mode="nearest"', "nearest-floor: shifts the picture by up to half a pixel"),
        ("nearest_exact", modes["nearest-exact"], 'mode="nearest-exact"', "nearest-exact: ties as float32 falls"),
        ("bilinear", _with(modes["bilinear"], **copied), 'mode="bilinear"', "bilinear on half pixels"),
        (
            "bilinear_corners",
            _with(modes["bilinear"], **corners),
            'mode="bilinear", align_corners=True',
            "bilinear-corners: also nn.UpsamplingBilinear2d",
        ),
        (
            "bilinear_antialias",
            _with(smooth["bilinear"], **copied),
            'mode="bilinear", antialias=True',
            "bilinear-antialias: stretched when reducing",
        ),
        ("bicubic", modes["bicubic"], 'mode="bicubic"', "bicubic-torch: a = −0.75, edge repeated"),
        (
            "bicubic_corners",
            _with(modes["bicubic"], **corners),
            'mode="bicubic", align_corners=True',
            "bicubic-corners: a = −0.75",
        ),
        (
            "bicubic_antialias",
            _with(smooth["bicubic"], **copied),
            'mode="bicubic", antialias=True',
            "bicubic-pillow: a = −0.5, outside dropped, when enlarging too",
        ),
        ("lanczos", _with(smooth["lanczos"], **copied), 'mode="lanczos", antialias=True', "lanczos3"),
        ("area", _with(modes["area"], **by_size), 'mode="area"', "area-adaptive: whole pixels, windows overlap"),
    ]
    yield from _presets("torch", "PyTorch", {"factor": "typed"}, rows)


def _opencv() -> Iterator[Preset]:
    notes = {
        "INTER_NEAREST": "nearest-floor: shifts the picture by up to half a pixel",
        "INTER_LINEAR": "bilinear on half pixels",
        "INTER_CUBIC": "bicubic-torch: a = −0.75, edge repeated",
        "INTER_AREA": "area-overlap when reducing",
        "INTER_LANCZOS4": "lanczos4-cv2: radius 4, edge repeated",
        "INTER_LINEAR_EXACT": "bilinear on half pixels; 8 bits are made with weights of 1/256, alike on every machine",
        "INTER_NEAREST_EXACT": "nearest-pillow: ties as sums of doubles fall",
    }
    by_size = {"factor": "from_size"}
    rows = [
        (
            name.lower(),
            _with(opencv.FLAGS[name], **(by_size if name in opencv.BY_SIZES_ONLY else {})),
            f"cv2.{name}",
            note,
        )
        for name, note in notes.items()
    ]
    area = ("area", {"rule": "cv2", **by_size})
    rows.append(("inter_area_enlarging", area, "cv2.INTER_AREA ↑", "the rule of its own that INTER_AREA enlarges by"))
    yield from _presets("opencv", "OpenCV", {"size_rule": "round_even", "factor": "typed"}, rows)


def _pillow() -> Iterator[Preset]:
    notes = {
        "NEAREST": "nearest-pillow: ties as sums of doubles fall",
        "BOX": "nearest-exact when enlarging, the mean of whole pixels when reducing",
        "BILINEAR": "bilinear-antialias: stretched when reducing",
        "HAMMING": "hamming: as short as bilinear, and sharper",
        "BICUBIC": "bicubic-pillow: a = −0.5, stretched when reducing",
        "LANCZOS": "lanczos3: stretched when reducing",
    }
    rows = [(name.lower(), pillow.FILTERS[name], f"Resampling.{name}", note) for name, note in notes.items()]
    affine = ("bicubic", {"a": -1.0})
    rows.append(("affine_bicubic", affine, "Transform.AFFINE, Resampling.BICUBIC", "bicubic-pil-affine: a = −1"))
    yield from _presets("pillow", "Pillow", {}, rows)


_DEGREES = {2: "quadratic", 3: "cubic", 4: "quartic", 5: "quintic"}


def _skimage() -> Iterator[Preset]:
    rows: list[Row] = [
        ("nearest", ("nearest", {"tie": "scipy"}), "order=0", "nearest-exact: ties as doubles fall"),
        ("bilinear", ("bilinear", {"edge": "mirror"}), "order=1", "bilinear-mirror: no corner keeps its value"),
    ]
    rows += [
        (f"bilinear_{mode}", ("bilinear", {"edge": edge}), f'order=1, mode="{mode}"', f"bilinear, edge {edge}")
        for mode, edge in skimage.EDGES.items()
        if mode != "reflect"
    ]
    for order, word in _DEGREES.items():
        entry = ("bspline", {"order": order, "edge": "mirror"})
        rows.append((f"bi{word}", entry, f"order={order}", f"bspline-mirror: {word} splines through all pixels"))
    for order, word, (base, fields) in ((1, "linear", rows[1][1]), (3, "cubic", ("bspline", {"edge": "mirror"}))):
        entry = (base, {**fields, "blur": True})
        rows.append(
            (f"bi{word}_antialias", entry, f"order={order}, anti_aliasing=True", "a Gaussian first when reducing")
        )
    yield from _presets("skimage", "scikit-image", {"size_rule": "round_even"}, rows)


def _scipy() -> Iterator[Preset]:
    corners = {"grid": "align_corners"}
    rows: list[Row] = [
        ("zoom_nearest", ("nearest", corners), "order=0", "nearest-corners: outermost centres stay"),
        ("zoom_linear", ("bilinear", corners), "order=1", "bilinear-corners: outermost centres stay"),
    ]
    for order, word in _DEGREES.items():
        entry = ("bspline", {"order": order, "edge": "mirror", **corners})
        rows.append((f"zoom_{word}", entry, f"order={order}", f"bspline-zoom: {word} splines, outermost centres stay"))
    half_pixel = 'mode="nearest", grid_mode=True'
    rows += [
        (
            "grid_nearest",
            ("nearest", {"tie": "scipy"}),
            f"order=0, {half_pixel}",
            "nearest-exact: ties as doubles fall",
        ),
        ("grid_linear", ("bilinear", {}), f"order=1, {half_pixel}", "bilinear on half pixels"),
    ]
    for order, word in _DEGREES.items():
        entry = ("bspline", {"order": order, "edge": "replicate"})
        rows.append((f"grid_{word}", entry, f"order={order}, {half_pixel}", f"bspline-replicate: {word} splines"))
    smooth = ("cubic_bc", {"b": 1.0, "c": 0.0, "edge": "symmetric"})
    words = 'order=3, mode="reflect", grid_mode=True, prefilter=False'
    rows.append(("grid_smooth", smooth, words, "bspline-smooth: blurs, passes through no pixel"))
    yield from _presets("scipy", "SciPy", {"size_rule": "round_even"}, rows)


def _tensorflow() -> Iterator[Preset]:
    second, firsts = tensorflow.METHODS, tensorflow.FIRST
    notes = {
        "nearest": "nearest-exact: ties as float32 falls",
        "bicubic": "bicubic-pillow when enlarging",
        "area": "area-overlap",
        "lanczos3": "lanczos3 when enlarging",
        "lanczos5": "lanczos5 when enlarging",
        "gaussian": "gaussian: blurs, never rings",
        "mitchellcubic": "mitchell: (⅓, ⅓)",
    }
    rows: list[Row] = [
        ("bilinear", ("bilinear", {}), 'method="bilinear"', "bilinear on half pixels"),
        *((name, second[name], f'method="{name}"', note) for name, note in notes.items()),
    ]
    for name in second:
        if name not in tensorflow.UNSTRETCHED:
            entry = _with(second[name], antialias=True)
            rows.append((f"{name}_antialias", entry, f'method="{name}", antialias=True', "stretched when reducing"))
    for name in firsts:
        short = {"nearest_neighbor": "nearest"}.get(name.removeprefix("resize_"), name.removeprefix("resize_"))
        rows.append((f"v1_{short}", firsts[name], name, f"{short}-tf1: the upper left corner stays"))
        pinned = _with(firsts[name], **tensorflow.CORNERS[name])
        rows.append((f"v1_{short}_corners", pinned, f"{name}, align_corners=True", "outermost centres stay"))
    yield from _presets("tensorflow", "TensorFlow", {}, rows)


def _jax() -> Iterator[Preset]:
    notes = {
        "nearest": "nearest-exact: ties go up",
        "linear": "bilinear-antialias: stretched when reducing",
        "cubic": "bicubic-pillow: a = −0.5, stretched when reducing",
        "lanczos3": "lanczos3: stretched when reducing",
        "lanczos5": "lanczos5: stretched when reducing",
        "area": "area-overlap",
    }
    rows = []
    for name, note in notes.items():
        stretched = {} if name in jax.UNSTRETCHED else {"antialias": True}
        rows.append((name, _with(jax.METHODS[name], **stretched), f'"{name}"', note))
    label = '"cubic-pytorch", antialias=False'
    rows.append(("cubic_pytorch", jax.METHODS["cubic-pytorch"], label, "bicubic-torch: a = −0.75, edge repeated"))
    yield from _presets("jax", "JAX", {}, rows)


def _matlab() -> Iterator[Preset]:
    rows = [
        (
            name,
            _with(matlab.METHODS[name], **({} if name == "nearest" else {"antialias": True})),
            f'imresize(…, "{name}")',
            f"{name}-matlab: edge symmetric, sizes rounded up",
        )
        for name in ("nearest", "box", "bilinear", "bicubic", "lanczos2", "lanczos3")
    ]
    yield from _presets("matlab", "MATLAB", {"size_rule": "ceil", "factor": "typed"}, rows)


def _onnx() -> Iterator[Preset]:
    reference = {"width_rule": "as_is"}
    corners, first = {"grid": "align_corners"}, {"grid": "asymmetric"}
    pinned = 'coordinate_transformation_mode="align_corners"'
    plain = 'coordinate_transformation_mode="asymmetric"'
    rows: list[Row] = [
        ("nearest", ("nearest", {"tie": "down"}), "Resize without attributes", "nearest-onnx: ties go down"),
        (
            "upsample",
            ("nearest", {**first, "tie": "floor"}),
            f'Upsample; Resize {plain}, nearest_mode="floor"',
            "nearest-floor",
        ),
        (
            "nearest_article",
            ("nearest", {**first, "tie": "up"}),
            f'{plain}, nearest_mode="round_prefer_ceil"',
            "nearest-article: the rule of the article; in no other library",
        ),
        ("linear", ("bilinear", {}), 'mode="linear"', "bilinear on half pixels"),
        ("linear_corners", ("bilinear", corners), f'mode="linear", {pinned}', "bilinear-corners"),
        ("linear_asymmetric", ("bilinear", first), f'mode="linear", {plain}', "bilinear-tf1"),
        ("cubic", ("bicubic", {"a": -0.75}), 'mode="cubic"', "bicubic-torch: a = −0.75, edge repeated"),
        ("cubic_corners", ("bicubic", {"a": -0.75, **corners}), f'mode="cubic", {pinned}', "bicubic-corners"),
        (
            "cubic_antialias",
            ("bicubic", {"a": -0.5, "edge": "exclude", "antialias": True}),
            'mode="cubic", cubic_coeff_a=-0.5, exclude_outside=1, antialias=1',
            "bicubic-pillow: a = −0.5, stretched when reducing",
        ),
    ]
    yield from _presets("onnx", "ONNX", {"factor": "typed", **reference}, rows)


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        preset.id: preset
        for library in (_torch, _opencv, _pillow, _skimage, _scipy, _tensorflow, _jax, _onnx, _matlab)
        for preset in library()
    }
)
"""Every preset by its id."""

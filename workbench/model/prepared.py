"""The source as methods see it: the picture after its preparation, and what it can be compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.kernels.arrays import Image, Shape, channels_of, shape_of
from workbench.kernels.cancel import CancelToken
from workbench.kernels.errors import MissingRecord, WorkbenchError
from workbench.kernels.method import SourceSpec
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.placement import IDENTITY, Placement
from workbench.kernels.pooling import PoolingRecord
from workbench.kernels.transfer import srgb_to_linear
from workbench.kernels.window_method import WindowMethod
from workbench.model.document import Preparation
from workbench.model.source import Source


@dataclass(frozen=True, slots=True, eq=False)
class PreparedSource:
    """What every slot starts from.

    Parameters
    ----------
    source : Source
    preparation : Preparation
    values : (h, w) or (h, w, c) float
        The input of every method.
    channel_names : tuple of str
    operator : LinearOperator, optional
        The linear map that made the values of the picture; None where it is used as it is.
    record : PoolingRecord, optional
        Where a max-pooling took its values from.
    picture : Image
        The picture before the preparation, in the same light and alpha.
    original : Image, optional
        The part of the picture that outputs are measured against; None where it was not made smaller.
    original_placement : Placement
        Where its pixels sit in the world, whose unit is the pixel of ``values``.
    notes : tuple of str
        What was done, for headers and captions.
    """

    source: Source
    preparation: Preparation
    values: Image
    channel_names: tuple[str, ...]
    operator: LinearOperator | None
    record: PoolingRecord | None
    picture: Image
    original: Image | None
    original_placement: Placement
    notes: tuple[str, ...]

    @property
    def shape(self) -> Shape:
        return shape_of(self.values)

    @property
    def channels(self) -> int:
        return channels_of(self.values)

    @property
    def original_sampling(self) -> Placement:
        """Where the original lies if every picture lies where it is sampled."""
        return self.original_placement if self.operator is None else self.operator.sampling.inverse()

    @property
    def spec(self) -> SourceSpec:
        """What methods are told of it."""
        return SourceSpec(self.shape, self.record, self.channels)


def prepare(source: Source, preparation: Preparation, cancel: CancelToken | None = None) -> PreparedSource:
    """Make the input of every method from a picture.

    Raises
    ------
    ParameterError
        If the preparation does not fit the picture.
    Cancelled
    """
    picture, names, notes = _as_declared(source, preparation)
    if preparation.method is None:
        return PreparedSource(source, preparation, picture, names, None, None, picture, None, IDENTITY, tuple(notes))
    made = preparation.method.prepare(picture, cancel)
    made.values.flags.writeable = False
    notes.append(f"{preparation.method.info.name}: {preparation.method.summary()}")
    kept = _used_part(shape_of(picture), made.operator)
    if kept != shape_of(picture):
        notes.append(f"cropped to {kept[1]} × {kept[0]}")
    return PreparedSource(
        source,
        preparation,
        made.values,
        names,
        made.operator,
        made.record,
        picture,
        picture[: kept[0], : kept[1]],
        made.operator.placement.inverse(),
        tuple(notes),
    )


def world_placement(preparation: Preparation, source: Source) -> Placement | None:
    """Where the pixels that a preparation makes lie in those of the picture; None if it does not fit the picture.

    Nothing is computed: only the operator is asked, or the windows of a pooling that needs its record.
    """
    method = preparation.method
    if method is None:
        return IDENTITY
    try:
        return method.operator(SourceSpec(source.shape, channels=source.channels)).placement
    except MissingRecord:
        if not isinstance(method, WindowMethod):
            return None
        down, across = method.windows.stride
        return Placement((float(down), float(across)))
    except WorkbenchError:
        return None


def _light_of(colours: Image, source: Source) -> Image:
    """Linear light of the colours in their own numbers: black and white stay where the picture has them."""
    low, high = source.nominal
    if source.pixels.dtype.kind in "iub" or (low, high) == (0.0, 1.0):
        return srgb_to_linear(colours).astype(colours.dtype)
    span = high - low
    return (low + span * srgb_to_linear((colours - low) / span)).astype(colours.dtype)


def _used_part(shape: Shape, operator: LinearOperator) -> Shape:
    """The picture without the rows and columns at its far side that no block of a reduction reaches."""
    kept = []
    for n, m, step in zip(shape, operator.out_shape, operator.placement.step, strict=True):
        covered = round(m * step)
        kept.append(covered if 0 <= n - covered < step else n)
    return (kept[0], kept[1])


def _as_declared(source: Source, preparation: Preparation) -> tuple[Image, tuple[str, ...], list[str]]:
    """The picture with its light and alpha as the preparation says."""
    values, names, notes = source.values(), source.channel_names, []
    has_alpha = names[-1:] == ("A",) and values.ndim == 3
    # Opacity is no light: only colours go through the curve, and they are multiplied by it afterwards.
    colours, opacity = (values[..., :-1], values[..., -1:]) if has_alpha else (values, None)
    if preparation.light == "linear" and source.transfer != "linear":
        colours = _light_of(colours, source)
        notes.append("linear light")
    if opacity is None:
        values = colours
    elif preparation.alpha == "channel":
        values = np.concatenate((colours, opacity), axis=2) if notes else values
        notes.append("alpha as a channel")
    else:
        if preparation.alpha == "premultiply":
            colours = colours if source.alpha == "associated" else colours * opacity
            notes.append("premultiplied")
        else:
            notes.append("alpha ignored")
        values, names = (colours[..., 0] if colours.shape[2] == 1 else colours), names[:-1]
    values = np.ascontiguousarray(values)
    values.flags.writeable = False
    return values, names, notes

"""What a library stores for a pixel of 8 bits: the sum in bytes, its rounding, and how far that is from the sum.

``= 0.4381 → × 255 111.716 → 112 (+0.284)``, under the badge ``Pillow · quantised: two passes, 22 bits``. The rules are
stages of `kernels.stages`; none of them is part of A.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args
from weakref import ref

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Pixel
from workbench.kernels.errors import ParameterError
from workbench.kernels.operators.selection import Selection
from workbench.kernels.presets import PRESETS
from workbench.kernels.quantisers import TOP
from workbench.kernels.stages import Side, Stage, scaled, stages_of, stored, tail_at
from workbench.model.document import Slot
from workbench.model.prepared import PreparedSource
from workbench.model.results import Ready
from workbench.model.tail import Step
from workbench.model.view_state import Stored

CHOICES: tuple[Stored, ...] = get_args(Stored)

MOST_COUNTED = 1 << 20
"""Pixels of an output; more take seconds."""
_IN_BYTES = replace(scaled(TOP), side=Side.BEFORE)
_TO_BYTES = Stage("to_bytes", "source to bytes", "What the preparation made of the picture is rounded to bytes first.",
                  function=lambda values: np.clip(np.floor(values + 0.5), 0, TOP), side=Side.BEFORE)  # fmt: skip
_BY_ALPHA = "unpremultiply_8"
_FLOATS = ("scikit-image",)


@dataclass(frozen=True, slots=True)
class Rounding:
    """A library's way with the bytes of one slot: its stages, or why it has none."""

    library: str
    stages: tuple[Stage, ...] = ()
    reason: str = ""

    @property
    def badge(self) -> str:
        """``"Pillow · quantised: two passes, 22 bits"``."""
        rules = [stage for stage in self.stages if stage.side is Side.AFTER and stage.id != "scale"]
        main = next((stage for stage in rules if stage.id != _BY_ALPHA), None)
        if main is None:
            said = "bytes are copied"
        elif main.id in ("clip", "clip_to_input"):
            said = "clipped to the input's range"
        else:
            said = f"quantised: {main.title}"
        return f"{self.library} · {said}"

    @property
    def words(self) -> tuple[str, ...]:
        """Each stage in a sentence, with what is promised of it."""
        said = (self.badge, *(f"{stage.title}: {stage.words} {_promise(stage)}" for stage in self.stages))
        return tuple(line.rstrip() for line in said)


@dataclass(frozen=True, slots=True)
class StoredValue:
    """One pixel as a library stores it.

    Parameters
    ----------
    rounding : Rounding
    steps : tuple of Step
        After the sum in the picture's own unit: ``× 255 111.716``, ``112 (+0.284)``.
    value : float, optional
        What is stored, in the library's unit; None where that cannot be said.
    """

    rounding: Rounding
    steps: tuple[Step, ...]
    value: float | None


def library_of(slot: Slot) -> str | None:
    """The library whose choice a slot was made as: it bears the preset's name."""
    preset = PRESETS.get(slot.name or "")
    return preset.library if preset is not None and preset.base == slot.method.info.id else None


def chosen_library(slot: Slot, choice: Stored) -> str | None:
    """Who stores the slot's bytes: the library that was asked for, else the slot's own, if it has one."""
    if choice == "none":
        return None
    return library_of(slot) if choice == "own" else choice


def choice_title(choice: Stored) -> str:
    """As menus and commands call it."""
    return {"own": "the method's own library", "none": "no library: sums alone"}.get(choice, choice)


def storing_reason(slot: Slot | None, prepared: PreparedSource | None, choice: Stored) -> str | None:
    """Why it cannot be said what a choice stores for a slot; None if it can."""
    if choice == "none":
        return None
    if slot is None or prepared is None:
        return "no pixel of a method is pointed at"
    library = chosen_library(slot, choice)
    if library is None:
        return "the method was not added as a library's choice"
    return rounding_of(slot, prepared, library).reason or None


def rounding_of(slot: Slot, prepared: PreparedSource, library: str) -> Rounding:
    """What a library does to the bytes of a slot, or why it gets none."""
    reason = _no_bytes(prepared)
    if reason:
        return Rounding(library, reason=f"{library}: {reason}")
    limits = _ends(prepared.values) if library in _FLOATS else None
    try:
        stages = stages_of(library, slot.method, peak=1.0, alpha=_has_alpha(prepared), limits=limits)
    except ParameterError as error:
        return Rounding(library, reason=_named(library, error))
    if library not in _FLOATS:
        before = (_IN_BYTES,) if _whole(prepared) else (_IN_BYTES, _TO_BYTES)
        stages = (*before, *stages[1:])
    return Rounding(library, stages)


def counted(ready: Ready, rounding: Rounding) -> str:
    """How many values of the whole output a library clips, and how many one rounding of the sum would not give.

    Empty where there are none to count, or more than is done for a tooltip.
    """
    operator, values = ready.operator, ready.prepared.values
    if rounding.reason or not rounding.stages or operator.out_shape[0] * operator.out_shape[1] > MOST_COUNTED:
        return ""
    # In bytes to the end: what is counted are whole numbers.
    stages = [stage for stage in rounding.stages if not (stage.side is Side.AFTER and stage.id == "scale")]
    try:
        found = stored(operator, values, stages)
    except ParameterError:
        return ""
    said = [f"Of {found.values.size} values {found.clipped} are clipped"]
    if rounding.library not in _FLOATS and all(stage.id != _BY_ALPHA for stage in stages):
        apart = np.abs(found.values - np.clip(np.floor(found.linear + 0.5), 0, TOP))
        said.append(f"{np.count_nonzero(apart)} are not the rounded sum, by at most {apart.max():g}")
    return "; ".join(said) + "."


def stored_at(ready: Ready, pixel: Pixel, channel: int, rounding: Rounding) -> StoredValue:
    """What becomes of one pixel's sum, stage by stage; only what the pixel needs is looked at."""
    if rounding.reason:
        return StoredValue(rounding, (), None)
    stages = rounding.stages
    try:
        found = tail_at(ready.operator, ready.prepared.values, pixel, stages, channel)
    except ParameterError as error:
        return StoredValue(replace(rounding, stages=(), reason=_named(rounding.library, error)), (), None)
    total = found[0][1]
    before = ", ".join(stage.title for stage in stages if stage.side is Side.BEFORE)
    made: list[tuple[str, Stage, float]] = []
    for stage, (title, value) in zip((one for one in stages if one.side is Side.AFTER), found[1:], strict=True):
        limit = stage.id.startswith("clip")
        if stage.id != "scale" and (value != (made[-1][2] if made else total) or not (made or limit)):
            made.append((f"{title} " if made or limit else "", stage, value))  # the badge says the first one's name
    # Colours that were divided by alpha are no longer what the sum is of.
    compared = max((k for k, (_, stage, _v) in enumerate(made) if stage.id != _BY_ALPHA), default=-1)
    steps = [Step(total, f"{before} {_number(total)}")] if before else []
    for k, (title, _, value) in enumerate(made):
        apart = f" ({_signed(value - total)})" if k == compared and value != total else ""
        steps.append(Step(value, f"{title}{_number(value)}{apart}"))
    return StoredValue(rounding, tuple(steps), made[-1][2] if made else total)


def _no_bytes(prepared: PreparedSource) -> str:
    pixels = prepared.source.pixels
    if pixels.dtype != np.uint8:
        return f"the picture is of {pixels.dtype.name}, not of 8 bits"
    if prepared.preparation.light == "linear" and prepared.source.transfer != "linear":
        return "light is averaged here, and libraries average the bytes themselves"
    return ""


def _named(library: str, error: ParameterError) -> str:
    """The sentence of an error, which says whose rule it is."""
    return error.problem if library in error.problem else f"{library}: {error.problem}"


def _has_alpha(prepared: PreparedSource) -> bool:
    return prepared.channel_names[-1:] == ("A",)


def _whole(prepared: PreparedSource) -> bool:
    """Whether methods read the picture's own bytes: as they are, or picked."""
    mixed = prepared.preparation.alpha == "premultiply" and prepared.source.channel_names[-1:] == ("A",)
    return not mixed and (prepared.operator is None or isinstance(prepared.operator, Selection))


_known: tuple[ref[npt.NDArray[np.floating]], tuple[float, float]] | None = None


def _ends(values: npt.NDArray[np.floating]) -> tuple[float, float]:
    """Smallest and largest value of a picture; of the last one they are known, for each move of the pointer asks."""
    global _known
    if _known is None or _known[0]() is not values:
        _known = (ref(values), (float(values.min()), float(values.max())))
    return _known[1]


def _promise(stage: Stage) -> str:
    return "" if stage.exactness == "exact" else f"Promised: {stage.exactness}."


def _number(value: float) -> str:
    """Whole numbers as such, others with three decimals."""
    return _minus(f"{value:.0f}" if value == round(value) else f"{value:.3f}")


def _signed(value: float) -> str:
    return _minus(f"{value:+.3f}")


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")

"""What each row of the list says: the list of slots is also the table of their values at the probe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from workbench.kernels.arrays import Pixel
from workbench.kernels.errors import MissingRecord, ParameterError
from workbench.model.differencing import Support
from workbench.model.display import format_card, format_value
from workbench.model.document import ORIGINAL, Slot
from workbench.model.panels import geometry, reference_name, support_of
from workbench.model.probe import pixel_in, value_at, world_of
from workbench.model.results import Failed, Pending, Ready

if TYPE_CHECKING:
    from workbench.ui.context import Context

State = Literal["plain", "stale", "hidden", "failed", "running", "waits"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list.

    Parameters
    ----------
    id : str
        A slot's id, or ``"original"``.
    badge : str
        Its number, or R for the reference.
    name, detail : str
        The two lines at the left.
    value, below : str
        The two lines at the right; where it has no value, a word says why.
    state : str
    tip : str
    """

    id: str
    badge: str
    name: str
    detail: str
    value: str = ""
    below: str = ""
    state: State = "plain"
    tip: str = ""


def shows_values(context: Context) -> bool:
    """Whether the right side holds values at the probe; else measures of the whole image."""
    return "provenance" in context.view.value.docks and context.probe.active is not None


def channel_name(context: Context) -> str:
    """The channel that readouts show: ``"G"``; "y" where an output is a plain number."""
    prepared = context.results.prepared
    if prepared is None:
        return ""
    if prepared.channels == 1:
        return "y" if "array" in prepared.source.origin else prepared.channel_names[0]
    return prepared.channel_names[min(context.view.value.channel, prepared.channels - 1)]


def heading(context: Context) -> str:
    """What the right side holds: ``"G at 118, 197 · Δ"`` or ``"PSNR dB · SSIM"``."""
    comparison, results = context.session.value, context.results
    if comparison.source is None:
        return ""
    compared = reference_name(comparison, results) is not None
    point = context.probe.active
    if point is not None and shows_values(context):
        text = f"{channel_name(context)} at {point.row}, {point.col}"
        return f"{text} · Δ" if compared else text
    return "PSNR dB · SSIM" if compared else ""


def rows_of(context: Context) -> tuple[Row, ...]:
    """The rows of the list: the original, where there is one, and every slot."""
    comparison, results = context.session.value, context.results
    rows = []
    reference = reference_name(comparison, results)
    readout = Readout(context, reference) if shows_values(context) else None
    original = geometry(results, comparison, ORIGINAL)
    if original is not None:
        size = f"{original.shape[1]} × {original.shape[0]}"
        is_reference = reference == ORIGINAL
        value, below = readout.texts(ORIGINAL) if readout else ("", "")
        rows.append(
            Row(
                ORIGINAL,
                "R" if is_reference else "O",
                "Original",
                f"reference · {size}" if is_reference else size,
                value,
                below,
                tip="The picture before its preparation: what outputs are measured against",
            )
        )
    rows += [_slot_row(context, slot, reference, readout) for slot in comparison.slots]
    return tuple(rows)


def _slot_row(context: Context, slot: Slot, reference: str | None, readout: Readout | None) -> Row:
    result = context.results.get(slot.id)
    badge = "R" if slot.id == reference else str(context.session.value.number(slot.id))
    detail = slot.method.summary()
    tip = f"{slot.title}\n{slot.method.info.doc}\n{slot.method.info.formula}".strip()

    def row(state: State, value: str = "", below: str = "", detail: str = detail, tip: str = tip) -> Row:
        return Row(slot.id, badge, slot.title, detail, value, below, state, tip)

    if slot.hidden:
        return row("hidden")
    if isinstance(result, Failed):
        return row("failed", "failed", detail=_why(result.error), tip=f"{slot.title} failed\n{result.error}")
    if isinstance(result, Pending) and result.progress is not None:
        return row("running", f"{result.progress:.0%}".replace("%", " %"))
    ready = context.results.ready(slot.id)
    if ready is None:
        return row("waits", "waits")
    value, below = readout.texts(slot.id) if readout else _measures(ready, slot.id == reference)
    return row("stale" if isinstance(result, Pending) else "plain", value, below)


class Readout:
    """Values at the world point of the probe, and their differences to the reference; for one look at the list.

    The reference's value is the same for most rows, so it is asked for once for each of its pixels.
    """

    def __init__(self, context: Context, reference: str | None) -> None:
        self._comparison, self._results = context.session.value, context.results
        self._reference = reference
        self._channel = context.view.value.channel
        self._placing = context.view.value.placing
        self._top = context.view.value.image_range.hi
        self._point = context.probe.active
        self._world = None
        if self._point is not None:
            self._world = world_of(self._results, self._comparison, self._point, self._placing)
        self._known: dict[tuple[str, Pixel], float | None] = {}

    def texts(self, name: str) -> tuple[str, str]:
        """The value of a slot or of the original, and its difference."""
        if self._point is None or self._world is None:
            return "", ""
        if self._point.slot == name:
            pixel: Pixel | None = self._point.pixel
        else:
            pixel = pixel_in(self._results, self._comparison, name, self._world, self._placing)
        if pixel is None:
            return "outside", ""
        value = self._value(name, pixel)
        if value is None:
            return "", ""
        plain = self._top > 1
        written = format_card if plain else format_value
        if name == self._reference:
            return written(value), "reference"
        if self._reference is None:
            return written(value), f"of {self._top:g}" if plain else ""
        other = None if name == ORIGINAL else self._reference_at(name, pixel)
        return written(value), "" if other is None else written(value - other)

    def _reference_at(self, name: str, pixel: Pixel) -> float | None:
        """The reference's value at the pixel that a slot's pixel is compared with."""
        support = support_of(self._results, self._comparison, name)
        if self._reference is None or not isinstance(support, Support):
            return None
        row, col = pixel[0] - support.a.top, pixel[1] - support.a.left
        if not (0 <= row < support.shape[0] and 0 <= col < support.shape[1]):
            return None
        return self._value(self._reference, Pixel(row + support.r.top, col + support.r.left))

    def _value(self, name: str, pixel: Pixel) -> float | None:
        if (name, pixel) not in self._known:
            self._known[name, pixel] = value_at(self._results, self._comparison, name, pixel, self._channel)
        return self._known[name, pixel]


def _measures(ready: Ready, is_reference: bool) -> tuple[str, str]:
    """PSNR and SSIM of the whole image, as far as they are numbers."""
    if is_reference or ready.metrics is None:
        return "", "reference" if is_reference else ""
    psnr, ssim = ready.metrics.get("psnr"), ready.metrics.get("ssim")
    first = format_value(psnr, 2) if isinstance(psnr, float) else ""
    return first, format_value(ssim) if isinstance(ssim, float) else ""


def _why(error: Exception) -> str:
    """A reason short enough for the second line; the tooltip has all of it."""
    if isinstance(error, MissingRecord):
        return "needs recorded indices"
    return str(error) if isinstance(error, ParameterError) else str(error).partition(": ")[2] or str(error)

"""What has been computed so far: per slot waiting, ready or failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from psygnal import Signal

from workbench.kernels.arrays import Image, Shape, Window
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.placement import IDENTITY, Placement
from workbench.model.document import Slot
from workbench.model.prepared import PreparedSource


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of an image, as shown: a window of it, or of its exact block means.

    Parameters
    ----------
    window : Window
        In pixels of the image if ``reduction`` is 1, else in blocks of ``reduction`` × ``reduction`` pixels.
    reduction : int
    values : Image
        What the operator gave for that window; of a difference, one channel, NaN where nothing can be compared.
    placement : Placement
        Where the pixels of the image lay when this was made: while a scale is dragged, a part may be one step behind
        its panel's geometry, and must be drawn at its own place.
    spread : (h, w) or (h, w, c) float32, optional
        Of block means: the largest minus the smallest value of each block and channel, once it has been found.
    exact : callable, optional
        Makes the pixels of a window again in float64, for what is written of them; None where ``values`` are exact.
    """

    window: Window
    reduction: int
    values: Image
    placement: Placement = IDENTITY
    spread: npt.NDArray[np.float32] | None = None
    exact: Callable[[Window], Image] | None = None

    def written(self, window: Window) -> Image:
        """The numbers of some pixels of a part that is not reduced, as readouts say them."""
        if self.exact is not None:
            return self.exact(window)
        return self.values[window.shifted(-self.window.top, -self.window.left).slices]


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A slot whose operator stands.

    Parameters
    ----------
    slot : Slot
        The value it was computed from.
    prepared : PreparedSource
    operator : LinearOperator
        Rows and columns can be asked at once, whatever has been computed.
    whole : Image, optional
        The whole output; only where it is small or somebody asked for it.
    seconds : float, optional
        Measured time of the whole output.
    metrics : mapping, optional
        Number or reason by metric id, against the reference.
    same_as : str, optional
        Id of an earlier slot with exactly the same output.
    """

    slot: Slot
    prepared: PreparedSource
    operator: LinearOperator
    whole: Image | None = None
    seconds: float | None = None
    metrics: Mapping[str, float | str] | None = None
    same_as: str | None = None

    @property
    def shape(self) -> Shape:
        return self.operator.out_shape

    @property
    def channels(self) -> int:
        """Of the output: as many as the source has, unless the operator mixes them."""
        return self.operator.out_channels or self.prepared.channels


@dataclass(frozen=True, slots=True, eq=False)
class Pending:
    """A slot that is being computed; what was ready before is stale, and kept beside."""

    slot: Slot
    previous: Ready | None = None
    progress: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Failed:
    """A slot that cannot be computed, with the sentence that says why."""

    slot: Slot
    error: Exception


Result = Ready | Pending | Failed


@dataclass(eq=False)
class Results:
    """The pipeline writes, panels read.

    ``changed(id)`` names a slot, or ``"source"`` for the prepared source. ``part_changed(panel)`` says that a panel has
    something new to show. A panel is named ``"source"``, ``"original"``, a slot's id, or ``"d:"`` and a slot's id for
    its difference to the reference.
    """

    changed = Signal(str)
    part_changed = Signal(str)

    prepared: PreparedSource | None = None
    source_error: Exception | None = None
    _slots: dict[str, Result] = field(default_factory=dict)
    _parts: dict[str, Part] = field(default_factory=dict)

    def get(self, id: str) -> Result | None:
        """The result of a slot; None if nobody has begun."""
        return self._slots.get(id)

    def ready(self, id: str) -> Ready | None:
        """The slot's result if it is ready, or the stale one it still shows."""
        result = self._slots.get(id)
        if isinstance(result, Pending):
            return result.previous
        return result if isinstance(result, Ready) else None

    def part(self, panel: str) -> Part | None:
        """What a panel can show; None until something has been computed for it."""
        return self._parts.get(panel)

    def put_part(self, panel: str, part: Part | None) -> None:
        """Write what a panel shows, or that it shows nothing, and say so."""
        if part is None:
            self._parts.pop(panel, None)
        else:
            self._parts[panel] = part
        self.part_changed.emit(panel)

    def put(self, id: str, result: Result) -> None:
        """Write a slot's result and say so."""
        self._slots[id] = result
        self.changed.emit(id)

    def drop(self, id: str) -> None:
        """Forget a slot that is gone."""
        if self._slots.pop(id, None) is not None:
            self.changed.emit(id)

    def set_prepared(self, prepared: PreparedSource | None, error: Exception | None = None) -> None:
        """Write the prepared source, or why there is none."""
        self.prepared, self.source_error = prepared, error
        self.changed.emit("source")

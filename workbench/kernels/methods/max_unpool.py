"""Max-unpooling: every value goes back to where the maximum stood, zeros elsewhere.

Source: Zeiler & Fergus (2014); ``torch.nn.functional.max_unpool2d``. Linear because the record is fixed: a 0/1 matrix.
Where two windows recorded the same pixel, the last in row-major order stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import numpy as np

from workbench.kernels.arrays import Shape
from workbench.kernels.errors import MissingRecord, ParameterError
from workbench.kernels.method import Hint, Method, SourceSpec, method
from workbench.kernels.operators.base import LinearOperator
from workbench.kernels.operators.selection import Selection
from workbench.kernels.params import Kind, Param, Size
from workbench.kernels.placement import Placement
from workbench.kernels.pooling import Moved, PoolingRecord, moved_pixels, torch_unpool_size

Indices = tuple[tuple[Any, ...], ...] | None
"""A table (rows, columns), or one with a third axis where each channel has indices of its own."""

_FAR = 2.0**53
"""Beyond every plane, and where floats stop counting."""


@dataclass(frozen=True, slots=True)
class IndexKind(Kind):
    """A table of flat indices, or nothing: those that the source's pooling recorded."""

    def coerce(self, value: Any, name: str, param: Param) -> Indices:
        if value is None or value in ("", "none"):
            return None
        try:
            table = np.asarray(value)
        except ValueError:
            table = np.asarray(None)
        whole = table.dtype.kind in "iu" or (table.dtype.kind == "f" and bool((table == np.floor(table)).all()))
        whole = whole and bool((np.abs(table.astype(np.float64)) < _FAR).all())
        if table.ndim not in (2, 3) or table.size == 0 or not whole:
            raise ParameterError(name, f"must be a table of whole numbers, rows of equal length, not {value!r}")
        whole_table: Indices = _tuples(table.astype(np.intp).tolist())
        return whole_table

    def to_data(self, value: Indices) -> Any:
        return None if value is None else np.array(value).tolist()

    def text(self, value: Indices) -> str:
        return "none" if value is None else str(self.to_data(value)).replace(" ", "")


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


class Reading(Enum):
    """In which plane indices are read."""

    RECORD = "record"
    TORCH = "torch"


@method(
    "max_unpool",
    name="Max-unpool",
    family="Unpooling",
    formula="y[index[i]] = x[i], 0 elsewhere",
)
class MaxUnpool(Method):
    """Puts each value where a max-pooling recorded it, zeros elsewhere."""

    indices: Annotated[
        Indices,
        Param("Indices", help="index = y·W + x in the plane; empty: those recorded when the source was pooled."),
        IndexKind(),
    ] = None
    plane: Annotated[
        Size,
        Param(
            "Plane",
            unit="px",
            ge=1,
            le=1 << 20,
            help="Output rows x columns; needed with indices of one's own.",
        ),
    ] = None

    reading: Annotated[
        Reading,
        Param(
            "Read indices in",
            help="record: the plane that was pooled. torch: (n−1)s − 2p + k, where they may point elsewhere.",
            advanced=True,
        ),
    ] = Reading.RECORD

    def check(self) -> None:
        if self.indices is not None and self.plane is None:
            raise ParameterError("plane", "must be given with indices: rows x columns of the plane they count in")
        self._record()

    def _record(self) -> PoolingRecord | None:
        if self.indices is None or self.plane is None:
            return None
        return PoolingRecord(self.plane, np.array(self.indices, np.intp))

    def operator(self, source: SourceSpec) -> LinearOperator:
        record = self._record() or source.pooling
        if record is None:
            raise MissingRecord("indices", "must come from a max-pooling, and this source was not pooled")
        if record.shape != source.shape:
            recorded, given = (f"{h}×{w}" for h, w in (record.shape, source.shape))
            raise ParameterError("indices", f"must be one for each pixel of the source {given}, not {recorded}")
        plane = self._plane(record)
        PoolingRecord(plane, record.indices)
        targets = record.indices.reshape(source.shape[0] * source.shape[1], *record.indices.shape[2:])
        numbers = np.arange(len(targets)).reshape((-1,) + (1,) * (targets.ndim - 1))
        sources = np.broadcast_to(numbers, targets.shape)
        if record.windows is not None:
            step = (1 / record.windows.stride[0], 1 / record.windows.stride[1])
        else:
            step = (source.shape[0] / plane[0], source.shape[1] / plane[1])
        made = Selection(source.shape, plane, targets, sources, Placement(step))
        if record.windows is not None:
            made.sampling = record.windows.sampling.inverse()
        return made

    def _plane(self, record: PoolingRecord) -> Shape:
        if self.reading is Reading.RECORD or record.windows is None:
            return record.plane
        how = record.windows
        return torch_unpool_size(record.shape, how.kernel, how.stride, how.padding)

    def moved(self, source: SourceSpec) -> tuple[Moved, ...]:
        """The values that are written elsewhere than where their maxima stood, because the plane is another."""
        record = self._record() or source.pooling
        return () if record is None else moved_pixels(record, self._plane(record))

    def hints(self, source: SourceSpec | None) -> Mapping[str, Hint]:
        record = None if source is None or self.indices is not None else source.pooling
        return {"reading": Hint(visible=record is not None and record.windows is not None)}

    def summary(self) -> str:
        if self.indices is not None and self.plane is not None:
            return f"→ {self.plane[0]}×{self.plane[1]} · own indices"
        return "recorded indices" if self.reading is Reading.RECORD else "recorded indices · torch's plane"

"""What block means leave out: how far apart the values of a block are. So no artefact vanishes by zooming out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Window
from workbench.kernels.cancel import CancelToken
from workbench.model.channels import picked
from workbench.model.rasters import TILE, Raster, tiled
from workbench.model.view_state import ChannelView

Spread = npt.NDArray[np.float32]

VISIBLE = 0.02
"""Share of the shown range beyond which what a block hides would be seen."""


def block_spread(values: Image, b: int) -> Spread:
    """Largest minus smallest value of b × b pixels, exactly, of each channel.

    Blocks at the far edges take what there is; missing values are left out.
    """
    high, low = _folded(values, b, np.maximum), _folded(values, b, np.minimum)
    if np.isnan(high).any():  # these leave missing values out, and are slower
        high, low = _folded(values, b, np.fmax), _folded(values, b, np.fmin)
    with np.errstate(invalid="ignore", over="ignore"):  # blocks of one infinity have no spread
        return np.nan_to_num((high - low).astype(np.float32), nan=0.0, posinf=np.inf)


def _folded(values: Image, b: int, larger: np.ufunc) -> Image:
    """The extreme of each block: its lines met one after another, several times faster than reduceat."""
    for axis in (0, 1):
        lines = [values[(slice(None),) * axis + (slice(k, None, b),)] for k in range(min(b, values.shape[axis]))]
        out = lines[0].copy()
        for line in lines[1:]:  # the last block may lack some lines
            head = out[(slice(None),) * axis + (slice(line.shape[axis]),)]
            larger(head, line, out=head)
        values = out
    return values


def spread_of(raster: Raster, b: int, window: Window, cancel: CancelToken | None = None) -> Spread:
    """The spread of the blocks of a window, tile by tile; the window counts blocks."""
    cancel = cancel or CancelToken()
    out: Spread | None = None
    tiles = list(tiled(window, max(1, TILE // b)))
    full = Window.of(raster.shape)
    for done, tile in enumerate(tiles):
        cancel.check()
        pixels = Window(tile.top * b, tile.left * b, tile.bottom * b, tile.right * b).intersect(full)
        apart = block_spread(raster.read(pixels, cancel), b)
        if out is None:
            out = np.empty(window.shape + apart.shape[2:], np.float32)
        out[tile.shifted(-window.top, -window.left).slices] = apart
        cancel.progress((done + 1) / len(tiles))
    assert out is not None
    return out


def shown_spread(spread: Spread, view: ChannelView) -> Spread:
    """How far apart the values are that a channel view shows: exactly of one channel, at most so far of luminance.

    Of colours the largest of red, green and blue; opacity is not seen with them.
    """
    seen = picked(spread, view)
    return seen if seen.ndim == 2 else np.asarray(seen[:, :, : 3 if seen.shape[2] >= 3 else 1].max(axis=2))


def coarser_spread(values: Image, spread: Spread | None, q: int) -> Spread:
    """Of blocks of blocks: exact where single pixels are known, else at least so much, until the exact one comes."""
    apart = block_spread(values, q)
    if spread is None:
        return apart
    rows, cols = np.arange(0, spread.shape[0], q), np.arange(0, spread.shape[1], q)
    inside = np.maximum.reduceat(np.maximum.reduceat(spread, rows, axis=0), cols, axis=1)
    return np.asarray(np.maximum(apart, inside))

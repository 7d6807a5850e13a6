"""Which values of a picture lie beyond a limit: what an 8-bit file would lose, overshoot, and ringing.

Three limits: black and white; the smallest and largest value of the source; the smallest and largest source of the very
pixel, which only ringing leaves. Values are the kernel's; nothing is clamped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.kernels.arrays import Image, Pixel, Window
from workbench.kernels.cancel import CancelToken
from workbench.kernels.engines.tiles import PartToken
from workbench.kernels.footprints import source_extremes
from workbench.model.channels import picked
from workbench.model.differencing import nominal_range
from workbench.model.display import format_card
from workbench.model.document import DIFFERENCE, ORIGINAL, SOURCE, Comparison
from workbench.model.group_range import finite_ends
from workbench.model.panels import raster
from workbench.model.prepared import PreparedSource
from workbench.model.rasters import TILE, OutputRaster, Raster, tiled
from workbench.model.results import Part, Results
from workbench.model.view_state import ChannelView, Stripes, ViewValue

ROUNDING = 16
"""Last places of the dtype that a sum may be off without lying beyond anything."""
COUNTED_WHOLE = 1 << 20
"""Pixels up to which a whole picture is looked at; of larger ones what is in view."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Beyond:
    """What lies beyond.

    Parameters
    ----------
    window : Window
        Pixels, or blocks of `reduction`, that the masks cover.
    reduction : int
    above, below : ndarray of bool
        Whether some channel of the pixel, or some pixel of the block, lies beyond.
    count, total : int
        Pixels beyond, and pixels looked at.
    excess : float
        The largest one, negative where it lies below; 0 if there is none.
    where : Pixel, optional
        Its place.
    whole : bool
        Whether all of the picture was looked at.
    mode : {"nominal", "source", "footprint"}
        Beyond what.
    """

    window: Window
    reduction: int
    above: Mask
    below: Mask
    count: int
    total: int
    excess: float
    where: Pixel | None
    whole: bool
    mode: Stripes

    @property
    def words(self) -> str:
        """What it is, count, share, largest excess and its place."""
        name = NAMES[self.mode]
        if self.where is None:
            return f"no {name}" if self.whole else f"no {name} in view"
        share = 100 * self.count / self.total
        percent = "<0.1" if share < 0.1 else f"{share:.1f}"
        sign = "+" if self.excess > 0 else ""
        view = "" if self.whole else " in view"
        return (
            f"{name}: {self.count} px · {percent} %{view} · {sign}{format_card(float(f'{self.excess:.3g}'))} "
            f"at {self.where.row}, {self.where.col}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What has to be looked at to find what lies beyond; `run` does."""

    raster: Raster
    prepared: PreparedSource
    mode: Stripes
    channel: ChannelView
    blocks: Window
    reduction: int
    whole: bool

    def same(self, other: Search | None) -> bool:
        """Whether both would find the same."""
        return (
            other is not None
            and self.raster.same_pixels(other.raster)
            and self.prepared is other.prepared
            and (self.mode, self.channel, self.blocks, self.reduction)
            == (other.mode, other.channel, other.blocks, other.reduction)
        )

    def run(self, cancel: CancelToken) -> Beyond:
        """Tile by tile, each read once."""
        b, blocks = self.reduction, self.blocks
        above, below = np.zeros(blocks.shape, bool), np.zeros(blocks.shape, bool)
        count, total, excess, where = 0, 0, 0.0, None
        tiles = list(tiled(blocks, max(1, TILE // b)))
        for done, tile in enumerate(tiles):
            cancel.check()
            pixels = Window(tile.top * b, tile.left * b, tile.bottom * b, tile.right * b)
            pixels = pixels.intersect(Window.of(self.raster.shape))
            over, under = self._excess(pixels, PartToken(cancel, done, len(tiles)))
            target = tile.shifted(-blocks.top, -blocks.left).slices
            above[target], below[target] = _any_of_blocks(over > 0, b), _any_of_blocks(under > 0, b)
            count += int(np.count_nonzero((over > 0) | (under > 0)))
            total += over.size
            for size, sign in ((over, 1), (under, -1)):
                at = int(size.argmax())
                if size.flat[at] > abs(excess):
                    excess = sign * float(size.flat[at])
                    row, col = divmod(at, pixels.width)
                    where = Pixel(pixels.top + row, pixels.left + col)
            cancel.progress((done + 1) / len(tiles))
        return Beyond(blocks, b, above, below, count, total, excess, where, self.whole, self.mode)

    def _excess(self, window: Window, cancel: CancelToken) -> tuple[Image, Image]:
        """How far the values of a window lie above and below their limits; 0 where they do not, or are no numbers."""
        values = self.raster.read(window, cancel)
        picture = picked(values, self.channel)
        low, high = self._limits(window, cancel)
        if low.ndim == 0 and picture.min() >= low and picture.max() <= high:
            return np.zeros(window.shape), np.zeros(window.shape)
        seen = picture.astype(np.float64)
        scale = np.maximum(np.abs(low), np.abs(high))
        slack = ROUNDING * np.finfo(values.dtype).eps * scale
        with np.errstate(invalid="ignore"):
            over, under = seen - high, low - seen
            over, under = (np.where(size > slack, size, 0.0) for size in (over, under))
        over[~np.isfinite(seen)] = 0.0
        under[~np.isfinite(seen)] = 0.0
        if over.ndim == 3:
            over, under = over.max(axis=2), under.max(axis=2)
        return over, under

    def _limits(self, window: Window, cancel: CancelToken) -> tuple[Image, Image]:
        """Limits of every value of the window: numbers that broadcast to it."""
        if self.mode == "nominal":
            low, high = nominal_range(self.prepared)
            return np.asarray(low), np.asarray(high)
        if self.mode == "source":
            low, high = finite_ends(picked(self.prepared.values, self.channel))
            return np.asarray(low), np.asarray(high)
        assert isinstance(self.raster, OutputRaster)
        x = picked(self.raster.x, self.channel) if _splits(self.raster) else self.raster.x
        ends = source_extremes(self.raster.operator, x, window, cancel)
        low_, high_ = ends if _splits(self.raster) else (picked(end, self.channel) for end in ends)
        return low_.astype(np.float64), high_.astype(np.float64)


def _splits(output: OutputRaster) -> bool:
    """Whether a channel of the output can be made of that channel of the source alone."""
    return output.operator.channels is None and not output.operator.mixes


def _any_of_blocks(mask: Mask, b: int) -> Mask:
    if b == 1:
        return mask
    rows, cols = np.arange(0, mask.shape[0], b), np.arange(0, mask.shape[1], b)
    return np.asarray(np.logical_or.reduceat(np.logical_or.reduceat(mask, rows, axis=0), cols, axis=1))


def search_of(comparison: Comparison, view: ViewValue, results: Results, panel: str) -> Search | None:
    """What to look for in a panel; None where the mode means nothing there."""
    pixels, part, prepared = raster(results, comparison, panel), results.part(panel), results.prepared
    if view.stripes == "off" or panel.startswith(DIFFERENCE) or pixels is None or part is None or prepared is None:
        return None
    if panel == SOURCE and view.stripes != "nominal":
        return None
    if view.stripes == "footprint" and (panel == ORIGINAL or not isinstance(pixels, OutputRaster)):
        return None
    small = pixels.in_memory and pixels.shape[0] * pixels.shape[1] <= COUNTED_WHOLE
    blocks = _blocks(pixels, part) if small else part.window
    return Search(pixels, prepared, view.stripes, view.channel_view, blocks, part.reduction, small)


def _blocks(pixels: Raster, part: Part) -> Window:
    return Window(0, 0, *(-(-side // part.reduction) for side in pixels.shape))


NAMES: dict[Stripes, str] = {"nominal": "clipping", "source": "overshoot", "footprint": "ringing"}
"""What it is to lie beyond: an 8-bit file loses it; the source never held it; the pixel's own sources do not."""
STRIPE_WORDS: dict[Stripes, str] = {
    "nominal": "beyond nominal",
    "source": "beyond the source",
    "footprint": "beyond their own sources",
}

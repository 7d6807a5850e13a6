"""What the window opens with: the article's methods on a photograph, or an empty comparison that waits for one."""

from __future__ import annotations

from dataclasses import replace

from workbench.kernels.errors import MissingRecord, WorkbenchError
from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_text
from workbench.model import edits
from workbench.model.document import Comparison, Preparation, Slot, View
from workbench.model.samples import load_sample
from workbench.model.source import Source

METHODS = (
    "nearest:scale=4",
    "bilinear:scale=4",
    "transposed_conv:kernel=gaussian,kernel_size=3,sigma=1,stride=2,padding=1,output_padding=1,repeat=2",
    "max_unpool",
    "average_unpool:kernel=4",
)
"""Methods of the article, all ×4."""

BLOCKS = "down:factor=4,record=on"

LARGE = 2 * 128
"""Pixels a side from which a picture is made smaller, so that results can be measured against it."""


def first_start() -> Comparison:
    """A photograph averaged 4×4, enlarged by five methods, and measured against the original; seen at the eye."""
    return Comparison(
        load_sample("chelsea"),
        Preparation(from_text(BLOCKS)),
        _slots(len(METHODS)),
        view=View(selected="s2", centre=(28.6, 46.3), probe=(118, 197)),
    )


def empty() -> Comparison:
    """Methods that are set up already, and no picture yet."""
    return Comparison(None, Preparation(from_text(BLOCKS)), _slots(3))


def for_image(source: Source, current: Comparison | None = None) -> Comparison:
    """What opening a picture gives.

    Parameters
    ----------
    source : Source
        The opened picture.
    current : Comparison, optional
        What is open now. Its methods, reference and layout stay, and its preparation if it had a picture; a lesson does
        not stay: its methods fit its own numbers only.

    Returns
    -------
    Comparison
        A large picture without a preparation of its own is averaged 4×4, so that there is an original to measure
        against; a small one is used as it is.
    """
    kept = current if current is not None and current.slots and current.lesson is None else None
    base = kept or Comparison(slots=_slots(len(METHODS)), view=View(selected="s2"))
    preparation = base.preparation if kept is not None and kept.source is not None else _by_size(source)
    if not _fits(preparation, source):
        preparation = Preparation(light=preparation.light, alpha=preparation.alpha)
    view = replace(base.view, zoom=None, centre=None, probe=None)
    return replace(edits.set_source(source)(base), preparation=preparation, view=view)


def _by_size(source: Source) -> Preparation:
    return Preparation(from_text(BLOCKS)) if min(source.shape) >= LARGE else Preparation()


def _fits(preparation: Preparation, source: Source) -> bool:
    if preparation.method is None:
        return True
    try:
        preparation.method.operator(SourceSpec(source.shape, channels=source.channels))
    except MissingRecord:
        return True  # max-pooling makes its record on the way
    except WorkbenchError:
        return False
    return True


def _slots(count: int) -> tuple[Slot, ...]:
    return tuple(Slot(f"s{k}", from_text(text)) for k, text in enumerate(METHODS[:count], 1))

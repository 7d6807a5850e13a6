"""What the window opens with: the article's methods on a photograph, or an empty comparison that waits for one."""

from __future__ import annotations

from dataclasses import replace

from workbench.kernels.errors import MissingRecord, WorkbenchError
from workbench.kernels.method import Method, SourceSpec
from workbench.kernels.methods.average_unpool import AverageUnpool
from workbench.kernels.methods.bilinear import Bilinear
from workbench.kernels.methods.down import Down
from workbench.kernels.methods.max_unpool import MaxUnpool
from workbench.kernels.methods.nearest import Nearest
from workbench.kernels.methods.transposed_conv import TransposedConv
from workbench.kernels.weights import KernelPreset
from workbench.model import edits
from workbench.model.document import Comparison, Preparation, Slot, View
from workbench.model.samples import load_sample
from workbench.model.source import Source

METHODS: tuple[Method, ...] = (
    Nearest(scale=(4.0, 4.0)),
    Bilinear(scale=(4.0, 4.0)),
    TransposedConv(
        kernel=KernelPreset.GAUSSIAN,
        kernel_size=(3, 3),
        sigma=1.0,
        stride=(2, 2),
        padding=(1, 1),
        output_padding=(1, 1),
        repeat=2,
    ),
    MaxUnpool(),
    AverageUnpool(kernel=(4, 4)),
)
"""Methods of the article, all ×4."""

BLOCKS = Down(factor=(4, 4), record=True)

LARGE = 2 * 128
"""Pixels a side from which a picture is made smaller, so that results can be measured against it."""


def first_start() -> Comparison:
    """A photograph averaged 4×4, enlarged by five methods, and measured against the original; seen at the eye."""
    return Comparison(
        load_sample("chelsea"),
        Preparation(BLOCKS),
        _slots(len(METHODS)),
        view=View(selected="s2", centre=(28.6, 46.3), probe=(118, 197)),
    )


def empty() -> Comparison:
    """Methods that are set up already, and no picture yet."""
    return Comparison(None, Preparation(BLOCKS), _slots(3))


def for_image(source: Source, current: Comparison | None = None) -> Comparison:
    """What opening a picture gives.

    Parameters
    ----------
    source : Source
        The opened picture.
    current : Comparison, optional
        What is open now. Its methods, reference and layout stay, and its preparation if it had a picture; of one of the
        same size the place that is looked at stays, too. A lesson does not stay: its methods fit its own numbers only.

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
    same = kept is not None and kept.source is not None and kept.source.shape == source.shape
    view = base.view if same else replace(base.view, zoom=None, centre=None, probe=None)
    return replace(edits.set_source(source)(base), preparation=preparation, view=view)


def _by_size(source: Source) -> Preparation:
    return Preparation(BLOCKS) if min(source.shape) >= LARGE else Preparation()


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
    return tuple(Slot(f"s{k}", method) for k, method in enumerate(METHODS[:count], 1))

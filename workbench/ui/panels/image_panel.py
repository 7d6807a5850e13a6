"""A panel: its header, and under it the pixels, or why there are none and what helps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from workbench.kernels.arrays import Image, Window
from workbench.kernels.errors import MissingRecord, ParameterError
from workbench.kernels.methods.down import Down
from workbench.kernels.operators.stencil_conv import TransposedConvolution
from workbench.model import edits
from workbench.model.differencing import Comparing
from workbench.model.display import count_beyond, format_value
from workbench.model.document import ORIGINAL, SOURCE, Comparison, Preparation, Slot
from workbench.model.looks import BROKEN_CHAIN, look_chips, look_of
from workbench.model.panels import DIFFERENCE, difference_reason, geometry, panel_badge, raster, reference_name, slot_of
from workbench.model.rasters import Raster
from workbench.model.results import Failed, Pending, Ready
from workbench.model.view_state import ViewValue
from workbench.ui.binding import bind
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.panels.panel_header import BUTTON, HeaderText, PanelHeader

if TYPE_CHECKING:
    from workbench.ui.panels.reason import Reason

RECORD_WITH = 4
COUNTED_WHOLE = 1 << 21


class ImagePanel(QWidget):
    """Header and pixels of one panel; a guest is seen in the ``place`` of another.

    Signals
    -------
    selected : this panel was clicked or took the focus.
    alone_requested : its header was double-clicked.
    """

    selected = Signal(str)
    alone_requested = Signal(str)

    def __init__(self, context: Context, panel: str, parent: QWidget | None = None, place: str | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.panel = panel
        self.place = place
        self._whole: tuple[Raster, Image] | None = None
        self.header = PanelHeader(context.theme, self)
        # With parents from the start: a stack without one shows its first page as a window, which takes the keys away.
        self.view = ImageView(context, panel, self)
        self._reason: Reason | None = None
        self._stack = QStackedLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addLayout(self._stack, 1)
        self._stack.addWidget(self.view)
        self.header.clicked.connect(self._select)
        self.header.double_clicked.connect(lambda: self.alone_requested.emit(panel))
        self.header.chip_clicked.connect(self._put_back)
        context.tools.chips_changed.connect(self._tell)
        self.view.pressed.connect(self._select)
        self.view.ring_changed.connect(self.header.show_ring)
        self.view.ring_changed.connect(context.tools.ring_changed)
        self.view.filter_changed.connect(self._tell)
        bind(self, context.session.changed, self._session_changed)
        bind(self, context.results.changed, self._result_changed)
        bind(self, context.results.part_changed, self._part_changed)
        bind(self, context.view.changed, self._view_changed)
        self._tell()

    def raise_(self) -> None:
        """Come before other panels that may cover it; else nothing, for Qt paints again whatever is raised."""
        siblings = self.parentWidget().children()
        above = siblings[siblings.index(self) + 1 :]
        if any(
            isinstance(one, QWidget)
            and (isinstance(one, ImagePanel) or not one.isHidden())
            and one.geometry().intersects(self.geometry())
            for one in above
        ):
            super().raise_()

    def show_selected(self, selected: bool) -> None:
        """Whether the header carries the accent."""
        self.header.show_selected(selected)

    # ---- what the header says ----------------------------------------------------------------------------------

    def _session_changed(self, new: Comparison, old: Comparison) -> None:
        if self._said_of(new) != self._said_of(old):
            self._tell()

    def _said_of(self, comparison: Comparison) -> tuple[object, ...]:
        """What the panel says of the document itself; all else it says of results."""
        ids = tuple(slot.id for slot in comparison.slots)
        own = comparison.slot(slot_of(self.panel))
        return (own, ids, comparison.reference, comparison.lesson, comparison.source, comparison.preparation)

    def _result_changed(self, name: str) -> None:
        if name in (SOURCE, slot_of(self.panel)) or self.panel.startswith(DIFFERENCE):
            self._tell()

    def _part_changed(self, panel: str) -> None:
        if panel == self.panel:
            self._tell()

    def _view_changed(self, new: ViewValue, old: ViewValue) -> None:
        looks = (look_of(self.panel, new), Comparing.of(new)) != (look_of(self.panel, old), Comparing.of(old))
        own = look_chips(self.panel, new, 3) != look_chips(self.panel, old, 3)
        own = own or (new.placing, new.scatter) != (old.placing, old.scatter)
        if own or (looks and self.panel.startswith(DIFFERENCE)):
            self._tell()

    def _tell(self) -> None:
        self.header.show_text(self._placed(self._filtered(self._told())))
        self._show_reason()
        result = self.context.results.get(slot_of(self.panel))
        previous = result.previous if isinstance(result, Pending) else None
        recipe = previous.slot.method.summary() or previous.slot.title if previous is not None else ""
        self.view.show_recipe(f"Stale: {recipe}" if recipe else "")

    def _placed(self, text: HeaderText) -> HeaderText:
        """A guest says in whose place it is seen."""
        if self.place is None:
            return text
        words = f"in place of {panel_badge(self.context.session.value, self.place)}"
        return replace(text, name=f"{text.name} — {words}", short=f"{text.short} {words}")

    def _filtered(self, text: HeaderText) -> HeaderText:
        if self.view.geometry_shown is None:
            return text
        shown = self.view.view_filter
        looks = look_chips(self.panel, self.context.view.value, self.view.geometry_shown.channels)
        own = (*self._place_chips(), *self._stamped(), *looks, *self.context.tools.chips(self.panel))
        chips = (*own, *shown.badges, *text.chips)
        return replace(text, filter=shown.long, short_filter=shown.short, chips=chips, hint=shown.hint)

    def _place_chips(self) -> tuple[str, ...]:
        """That the panel does not lie by its nominal pixels, or was moved alone."""
        context = self.context
        placing = context.view.value.placing
        down, across = placing.offset(self.panel)
        chips = (f"Δ {_signed(down)}, {_signed(across)} px {BUTTON}",) if down or across else ()
        nominal = geometry(context.results, context.session.value, self.panel)
        mode = replace(placing, offsets=())
        if nominal != geometry(context.results, context.session.value, self.panel, mode):
            chips = (*chips, "by samples")
        return chips

    def _stamped(self) -> tuple[str, ...]:
        """That a transposed convolution is drawn as stamps of its sources, not as a gather."""
        ready = self.context.results.ready(self.panel)
        stamps = ready is not None and isinstance(ready.operator, TransposedConvolution)
        return ("scatter",) if stamps and self.context.view.value.scatter else ()

    def _put_back(self, chip: str) -> None:
        view = self.context.view
        if self.context.tools.chip_clicked(self.panel, chip):
            return
        if chip.startswith(BROKEN_CHAIN):
            view.set(own_ranges=view.value.owned(self.panel, None))
            return
        view.set(placing=view.value.placing.with_offset(self.panel, 0.0, 0.0))

    def _told(self) -> HeaderText:
        comparison, results = self.context.session.value, self.context.results
        placed = geometry(results, comparison, self.panel)
        size = f"{placed.shape[1]} × {placed.shape[0]}" if placed else ""
        if self.panel == SOURCE:
            if comparison.lesson is not None:
                return HeaderText("S", f"INPUT {size}", "INPUT")
            return HeaderText("S", "Source", "Source", size)
        if self.panel == ORIGINAL:
            return HeaderText("R", "Original", "Original", size)
        slot = comparison.slot(slot_of(self.panel))
        if slot is None:
            return HeaderText()
        if self.panel.startswith(DIFFERENCE):
            return self._told_of_difference(slot)
        badge = str(comparison.number(slot.id))
        text = HeaderText(badge, slot.title, slot.short_title, slot.method.summary())
        if comparison.lesson is not None and size:
            words = slot.method.summary() if len(comparison.slots) == 1 else f"{slot.title} · {slot.method.summary()}"
            text = HeaderText(badge, f"OUTPUT {size}", "OUTPUT", words)
        return self._with_result(text, slot)

    def _with_result(self, text: HeaderText, slot: Slot) -> HeaderText:
        comparison, result = self.context.session.value, self.context.results.get(slot.id)
        if isinstance(result, Failed):
            return replace(text, number="–")
        if isinstance(result, Pending):
            return replace(text, number="" if result.progress is None else f"{result.progress:.0%}".replace("%", " %"))
        if not isinstance(result, Ready):
            return text
        chips = (f"same as {comparison.number(result.same_as)}",) if result.same_as else ()
        if comparison.reference == slot.id:
            return replace(text, chips=("reference", *chips), time=_time(result.seconds))
        psnr = (result.metrics or {}).get("psnr")
        number = f"{format_value(psnr, 2)} dB" if isinstance(psnr, float) else ""
        return replace(text, chips=chips, number=number, time=_time(result.seconds))

    def _told_of_difference(self, slot: Slot) -> HeaderText:
        comparison, results = self.context.session.value, self.context.results
        reference = reference_name(comparison, results) or comparison.reference
        other = "R" if reference == ORIGINAL else str(comparison.number(reference))
        name = f"{comparison.number(slot.id)} − {other}"
        return HeaderText("Δ", name, name, number=self._beyond(), strong=False)

    def _beyond(self) -> str:
        """The share of differences that the range cannot show: of all, or where that would be slow of those in view."""
        comparison, results, view = self.context.session.value, self.context.results, self.context.view.value
        whole = raster(results, comparison, self.panel, Comparing.of(view))
        quick = whole is not None and whole.in_memory and view.difference.pointwise
        if whole is not None and quick and whole.shape[0] * whole.shape[1] <= COUNTED_WHOLE:
            if self._whole is None or not whole.same_pixels(self._whole[0]):
                self._whole = (whole, whole.read(Window.of(whole.shape)))
            values, where = self._whole[1], ""
        else:
            part = results.part(self.panel)
            if part is None:
                return ""
            values, where = part.values, " in view"
        counts = count_beyond(values, look_of(self.panel, view).ends)
        share = 100 * (counts.above + counts.below) / max(counts.total, 1)
        return f"{'<0.1' if 0 < share < 0.1 else f'{share:.1f}' if share else '0'} % beyond{where}"

    # ---- instead of pixels -------------------------------------------------------------------------------------

    @property
    def reason(self) -> Reason:
        """What stands where there are no pixels; made when it is first asked for."""
        if self._reason is None:
            from workbench.ui.panels.reason import Reason

            self._reason = Reason(self.context, self)
            self._reason.record.clicked.connect(self._record)
            self._reason.remove.clicked.connect(self._remove)
            self._stack.addWidget(self._reason)
        return self._reason

    def _show_reason(self) -> None:
        comparison, results = self.context.session.value, self.context.results
        slot = comparison.slot(slot_of(self.panel))
        result = results.get(slot_of(self.panel))
        if self.panel == SOURCE and results.source_error is not None:
            self.reason.show_reason("The source cannot be prepared", _sentence(results.source_error))
        elif isinstance(result, Failed) and slot is not None:
            missing = isinstance(result.error, MissingRecord)
            if missing:
                text = f"{slot.title} places values where a max-pooling found them; this source keeps no such record."
                self.reason.show_reason("No recorded indices", text, record=True, remove=True)
            else:
                self.reason.show_reason(f"{slot.title} cannot be computed", _sentence(result.error), remove=True)
        elif self.panel.startswith(DIFFERENCE) and (why := self._difference_reason()):
            self.reason.show_reason("Cannot be compared", why, sign=False)
        else:
            self._stack.setCurrentWidget(self.view)
            return
        self._stack.setCurrentWidget(self.reason)

    def _difference_reason(self) -> str:
        context = self.context
        how = Comparing.of(context.view.value)
        return difference_reason(context.results, context.session.value, self.panel, how)

    def _record(self) -> None:
        """Prepare the source so that the places of the maxima are known."""
        comparison, prepared = self.context.session.value, self.context.results.prepared
        method = comparison.preparation.method
        if isinstance(method, Down):
            wanted = replace(method, record=True)
        else:
            shape = prepared.picture.shape[:2] if prepared is not None else (RECORD_WITH, RECORD_WITH)
            factor = (RECORD_WITH, RECORD_WITH)
            if prepared is not None and prepared.operator is not None:
                step = prepared.operator.placement.step
                factor = (max(round(step[0]), 1), max(round(step[1]), 1))
            wanted = Down(factor=(min(factor[0], shape[0]), min(factor[1], shape[1])), record=True)
        old = comparison.preparation
        new = Preparation(wanted, old.light, old.alpha)
        self.context.session.do("Record indices", edits.set_preparation(new))

    def _remove(self) -> None:
        self.context.session.do("Remove method", edits.remove_slot(slot_of(self.panel)))

    def _select(self) -> None:
        self.selected.emit(self.panel)

    def moveEvent(self, event: QEvent) -> None:
        super().moveEvent(event)
        self.view.place_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.update()


def _signed(number: float) -> str:
    """``+0.50``, ``−1.25``, ``0.00``."""
    text = f"{number:+.2f}".replace("-", "−")
    return "0.00" if text[1:] == "0.00" else text


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _sentence(error: Exception) -> str:
    """The error's own sentence, with a capital letter and a full stop."""
    if isinstance(error, ParameterError):
        words = f"{error.field.replace('_', ' ')} {error.problem}"
    else:
        words = str(error) or type(error).__name__
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "!", "?")) else f"{words}."

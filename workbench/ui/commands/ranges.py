"""What numbers become colours, and how: ranges, tones, maps, channels, kinds of difference, stripes.

A range moves only by one of these acts. Kinds of difference whose numbers mean the same share one range; those that
count in other units have one each, which is there again when the kind is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workbench.kernels.arrays import Image
from workbench.kernels.differences import Difference
from workbench.kernels.errors import ParameterError
from workbench.model import colormaps
from workbench.model.channels import available, channel_of, is_single
from workbench.model.differencing import Comparing, data_range, nominal_difference, nominal_range
from workbench.model.display import NEUTRAL, Range, Tone
from workbench.model.document import Comparison
from workbench.model.group_range import groups_on_screen, range_of_values
from workbench.model.looks import Group, group_of, is_unlocked, look_of
from workbench.model.panels import slot_of
from workbench.model.results import Results
from workbench.model.stripes import STRIPE_WORDS
from workbench.model.view_state import ChannelView, Stripes, ViewValue
from workbench.ui.actions import SPECS
from workbench.ui.commands.group import CommandGroup
from workbench.ui.hatching import HatchingHandler
from workbench.ui.image_view import ImageView
from workbench.ui.main_window import MainWindow
from workbench.ui.range_fitting import fit_range, set_range
from workbench.ui.stripes import StripesHandler

_SAME_UNIT = frozenset({Difference.SIGNED, Difference.ABSOLUTE, Difference.EXPRESSION})
_STRIPES: tuple[Stripes, ...] = ("off", "nominal", "source", "footprint")
GAIN_STEP, OFFSET_STEP, GAMMA_STEP = 2**0.25, 0.02, 0.1
ONE_CHANNEL = "the picture has one channel only"
NO_EXCESS = "no stripes are shown (B), or nothing lies beyond"
COLOURS = "colours are shown as they are; a map is for one channel (V)"


class RangeCommands(CommandGroup):
    """The two groups, images and differences: each has one range, one tone and one map."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._ranges: dict[Difference, Range] = {}
        self._maps = {True: "cet-d1a", False: "viridis"}
        self.stripes = StripesHandler(self.context, self)
        self.context.tools.add(HatchingHandler(self.context))
        self.context.tools.add(self.stripes)
        view, image = self.context.view, self.no_image
        self.bind(
            "toggle_differences",
            self._toggle_differences,
            self.no_difference,
            checked=lambda: self.context.view.value.show == "differences",
        )
        self.bind("next_difference", self._next_difference, self.no_difference)
        self.bind("difference_formula", self._edit_formula, self.no_difference)
        window.difference_strip.expression_entered.connect(self.set_expression)
        window.difference_strip.epsilon_entered.connect(self.set_epsilon)
        window.difference_strip.left.connect(window.focus_images)
        self.bind("range_fit", self._fit, image)
        self.bind("range_fit_visible", self._fit_visible, image)
        self.bind("range_nominal", self._nominal, image)
        self.bind("tone_reset", lambda: self._set_tone(NEUTRAL), image)
        for id, change in {
            "gain_up": lambda tone: replace(tone, gain=tone.gain * GAIN_STEP),
            "gain_down": lambda tone: replace(tone, gain=tone.gain / GAIN_STEP),
            "offset_up": lambda tone: replace(tone, offset=round(tone.offset + OFFSET_STEP, 9)),
            "offset_down": lambda tone: replace(tone, offset=round(tone.offset - OFFSET_STEP, 9)),
            "gamma_up": lambda tone: replace(tone, gamma=round(tone.gamma + GAMMA_STEP, 9)),
            "gamma_down": lambda tone: replace(tone, gamma=round(tone.gamma - GAMMA_STEP, 9)),
        }.items():
            self.bind(id, lambda change=change: self._turn(change), image)
        self.bind("next_map", lambda: self._step_map(1), self._no_map)
        self.bind("previous_map", lambda: self._step_map(-1), self._no_map)
        self.bind("next_channel", lambda: self._step_channel(1), self._no_channel)
        self.bind("previous_channel", lambda: self._step_channel(-1), self._no_channel)
        self.bind("next_stripes", self._next_stripes, image, title=self._stripes_title)
        self.bind("go_to_excess", self._go_to_excess, self._no_excess)
        # What lies beyond is found in the background: the action follows when it is.
        self.context.tools.chips_changed.connect(self._excess_found)
        self.bind(
            "fixed_marks",
            lambda: view.set(fixed_marks=not view.value.fixed_marks),
            image,
            checked=lambda: view.value.fixed_marks,
        )
        self.bind("own_range", self._unlock, image, checked=self._unlocked)

    # ---- whose range -------------------------------------------------------------------------------------------

    def panel(self) -> str | None:
        """The panel that keys act on: the one with the focus, else that of the selected slot."""
        area, selected = self.window.panel_area, self.context.view.value.selected
        focused = area.focusWidget()
        if isinstance(focused, ImageView) and focused.panel in area.names:
            return focused.panel
        return next((name for name in area.names if slot_of(name) == selected), None)

    def group(self) -> Group:
        """The group that keys act on: the one on screen; of two, that of the panel with the focus."""
        found = groups_on_screen(*self._state())
        panel = self.panel()
        if len(found) == 2 and panel is not None and isinstance(self.window.panel_area.focusWidget(), ImageView):
            return group_of(panel)
        return found[-1] if found else "images"

    def _state(self) -> tuple[Comparison, ViewValue, Results]:
        context = self.context
        return context.session.value, context.view.value, context.results

    def _own(self) -> str | None:
        """The panel that keys act on, if its range is its own."""
        panel = self.panel()
        return panel if panel is not None and is_unlocked(panel, self.context.view.value) else None

    # ---- ranges ------------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        """To all data of all panels of the group, or of the one panel that has a range of its own."""
        fit_range(self.context, self.group(), self._own())

    def _fit_visible(self) -> None:
        group, own = self.group(), self._own()
        view = self.context.view.value
        seen = [
            values
            for panel in self.window.panel_area.names
            if (panel == own if own is not None else group_of(panel) == group and not is_unlocked(panel, view))
            and (values := self._visible(panel)) is not None
        ]
        made = range_of_values(seen, group, Comparing.of(view).signed)
        if made is not None:
            set_range(self.context, made, group, own)

    def _visible(self, panel: str) -> Image | None:
        """The values that are seen of a panel, in its look's channel."""
        part, shown = self.context.results.part(panel), self.window.panel_area.view(panel)
        if part is None or shown.geometry_shown is None:
            return None
        seen, b = shown.frame.visible(shown.geometry_shown.shape), part.reduction
        blocks = replace(seen, top=seen.top // b, left=seen.left // b, bottom=-(-seen.bottom // b),
                         right=-(-seen.right // b)).intersect(part.window)  # fmt: skip
        if blocks.is_empty:
            return None
        inside = blocks.shifted(-part.window.top, -part.window.left).slices
        return look_of(panel, self.context.view.value).seen(part.values[inside])

    def _nominal(self) -> None:
        prepared, view, group = self.context.results.prepared, self.context.view.value, self.group()
        if prepared is None:
            return
        ends = nominal_range(prepared)
        if group == "differences":
            ends = nominal_difference(Comparing.of(view), data_range(prepared))
        set_range(self.context, Range(*ends), group, self._own())

    def _unlocked(self) -> bool:
        return self._own() is not None

    def _unlock(self) -> None:
        """A range of its own for the panel, the same at first; again: back to the group's."""
        view, panel = self.context.view, self.panel()
        if panel is not None:
            own = None if is_unlocked(panel, view.value) else view.value.range_of(panel)
            view.set(own_ranges=view.value.owned(panel, own))

    # ---- tone --------------------------------------------------------------------------------------------------

    def _turn(self, change: Callable[[Tone], Tone]) -> None:
        name = _tone_name(self.group())
        try:
            self._set_tone(change(getattr(self.context.view.value, name)))
        except ParameterError:
            return  # as far as it goes

    def _set_tone(self, tone: Tone) -> None:
        self.context.view.set(**{_tone_name(self.group()): tone})

    # ---- differences -------------------------------------------------------------------------------------------

    def _toggle_differences(self) -> None:
        show = self.context.view.value.show
        self.context.view.set(show="images" if show == "differences" else "differences")

    def _next_difference(self) -> None:
        kinds = [kind for kind in Difference if not Comparing(kind).problem]
        current = self.context.view.value.difference
        self.set_difference(kinds[(kinds.index(current) + 1) % len(kinds)] if current in kinds else kinds[0])

    def set_difference(self, kind: Difference) -> None:
        """Another kind of difference, in the range it had last, or in its usual one."""
        self._set_comparing(replace(self.context.view.value, difference=kind))

    def _edit_formula(self) -> None:
        """Show differences of a kind with something to type, and give the keys to its field."""
        view = self.context.view
        if "differences" not in groups_on_screen(*self._state()):
            view.set(show="differences")
        if not (view.value.difference.uses_eps or view.value.difference is Difference.EXPRESSION):
            self.set_difference(Difference.EXPRESSION)
        self.uncover()
        self.window.difference_strip.edit()

    def set_expression(self, text: str) -> None:
        """Another formula; where it changes whether results have a sign, the range follows it."""
        self._set_comparing(replace(self.context.view.value, expression=text))

    def set_epsilon(self, epsilon: float | None) -> None:
        """Another ε; None for a hundredth of the data range."""
        self.context.view.set(epsilon=epsilon)

    def _set_comparing(self, wanted: ViewValue) -> None:
        view, prepared = self.context.view.value, self.context.results.prepared
        new, old = Comparing.of(wanted), Comparing.of(view)
        self._ranges[_unit(old.kind)] = ends = view.difference_range
        self._maps[old.signed] = view.difference_map
        if _unit(new.kind) is not _unit(old.kind):
            usual = nominal_difference(new, 1.0 if prepared is None else data_range(prepared))
            ends = self._ranges.get(_unit(new.kind)) or Range(*usual)
        if new.signed != (ends.lo < 0):
            ends = Range(-ends.hi if new.signed else 0.0, ends.hi)
        colours = view.difference_map if new.signed == old.signed else self._maps[new.signed]
        self.context.view.set(
            difference=wanted.difference, expression=wanted.expression, difference_range=ends, difference_map=colours
        )

    # ---- maps, channels, stripes -------------------------------------------------------------------------------

    def _no_map(self) -> str | None:
        if self.no_image():
            return self.no_image()
        prepared, view = self.context.results.prepared, self.context.view.value
        single = prepared is None or is_single(view.channel_view, prepared.channels)
        return None if single or self.group() == "differences" else COLOURS

    def _step_map(self, way: int) -> None:
        """The next map: of differences one that fits their sign, of images any."""
        view, group = self.context.view, self.group()
        name = "difference_map" if group == "differences" else "image_map"
        signed = Comparing.of(view.value).signed
        maps = colormaps.all_maps()
        ids = [one.id for one in maps if group == "images" or (one.diverging == signed and not one.cyclic)]
        current = getattr(view.value, name)
        view.set(**{name: ids[(ids.index(current) + way) % len(ids)] if current in ids else ids[0]})

    def _channels(self) -> tuple[ChannelView, ...]:
        prepared = self.context.results.prepared
        return ("rgb",) if prepared is None else available(prepared.channel_names)

    def _no_channel(self) -> str | None:
        return self.no_image() or (ONE_CHANNEL if len(self._channels()) == 1 else None)

    def _step_channel(self, way: int) -> None:
        """The next channel view; the readouts follow where it is one channel."""
        found, view, prepared = self._channels(), self.context.view, self.context.results.prepared
        current = view.value.channel_view
        chosen = found[(found.index(current) + way) % len(found)] if current in found else found[0]
        channel = None if prepared is None else channel_of(chosen, prepared.channels)
        view.set(channel_view=chosen, channel=view.value.channel if channel is None else channel)

    def _next_stripes(self) -> None:
        view = self.context.view
        view.set(stripes=_STRIPES[(_STRIPES.index(view.value.stripes) + 1) % len(_STRIPES)])

    def _no_excess(self) -> str | None:
        panel = self.panel()
        found = None if panel is None else self.stripes.found(panel)
        return self.no_image() or (NO_EXCESS if found is None or found.where is None else None)

    def _excess_found(self) -> None:
        self.window.action_set.refresh(("go_to_excess",))

    def _go_to_excess(self) -> None:
        panel = self.panel()
        for chip in () if panel is None else self.stripes.chips(panel):
            self.stripes.chip_clicked(panel, chip)

    def _stripes_title(self) -> str:
        now = self.context.view.value.stripes
        return SPECS["next_stripes"].title if now == "off" else f"{SPECS['next_stripes'].title}: {STRIPE_WORDS[now]}"


def _unit(kind: Difference) -> Difference:
    """One kind for all whose numbers mean the same."""
    return Difference.SIGNED if kind in _SAME_UNIT else kind


def _tone_name(group: Group) -> str:
    return "difference_tone" if group == "differences" else "image_tone"

"""Everything the provenance card says about the probe, without a window: title, value, sum, facts, notes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workbench.kernels.provenance import Trace
from workbench.model.chain import Stage, stage_operators, stages_at
from workbench.model.display import Range, format_card
from workbench.model.document import ORIGINAL, SOURCE, Comparison, Slot
from workbench.model.facts import always, covered, facts_of, short
from workbench.model.formula import Formula, Tile, formula_of, stage_formula
from workbench.model.notes import notes_at
from workbench.model.panels import panel_name
from workbench.model.peak import peak_weight
from workbench.model.probe import Probe, ProbePoint, column_of, counterpart, pair_of, rest_of, row_of, value_at
from workbench.model.results import Ready, Results
from workbench.model.row_pair import RowPair
from workbench.model.status import cropped_text, use_of
from workbench.model.storing import StoredValue, chosen_library, rounding_of, stored_at
from workbench.model.tail import before_text, tail_of
from workbench.model.terms import Form
from workbench.model.view_state import Stored


@dataclass(frozen=True, slots=True, eq=False)
class CardText:
    """What a card shows.

    Parameters
    ----------
    title : str
        ``"2  Bilinear at 118, 197"``.
    value : float, optional
        The probed value, float64.
    sums : str
        ``"row sum 1  ·  Σ|w| 1  ·  phase 2, 1"``.
    formula : Formula, optional
    pair : RowPair, optional
        Two rows beside each other, in place of a sum.
    peak : float
        End of the weight scale of the pair.
    tiles : tuple of Tile
        What a source pixel does in each slot.
    sentence : str
        What is said where there is nothing of these.
    facts, notes : tuple of str
    trace : Trace, optional
        The whole row, whichever stage is shown.
    stage : Stage, optional
        The stage of a chain that the formula belongs to.
    stages : int
        How many stages there are; 0 where there is no chain.
    """

    title: str = ""
    value: float | None = None
    sums: str = ""
    formula: Formula | None = None
    pair: RowPair | None = None
    peak: float = 1.0
    tiles: tuple[Tile, ...] = ()
    sentence: str = "Point at a pixel: the card shows where it came from."
    facts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    trace: Trace | None = None
    stage: Stage | None = None
    stages: int = 0

    @property
    def rows(self) -> bool:
        """Whether it tells of rows of A, and not in words and tiles alone."""
        return self.formula is not None or self.pair is not None or self.trace is not None


def card_text(
    comparison: Comparison, results: Results, probe: Probe, channel: int, ends: Range, form: Form, level: int,
    stored: Stored = "own",
) -> CardText:  # fmt: skip
    """What the card says now.

    Parameters
    ----------
    channel : int
    ends : Range
        What the panels show: beyond it values are clipped.
    form : Form
        How sums are written.
    level : int
        0 for the whole product; 1 for the last stage of a chain, 2 for the one before.
    stored : {"own", "none"} or a library's name
        By whose rule bytes are stored.
    """
    if results.prepared is None:
        return CardText()
    if probe.tap is not None:
        return _tap_text(comparison, results, probe)
    pair = probe.pair
    if pair is not None:
        beside = _beside(comparison, results, pair[0], pair[1], channel)
        if beside is not None:
            return beside
    point = probe.active
    if point is None:
        return CardText()
    said = CardText(
        f"{_name(comparison, point.slot)} at {point.row}, {point.col}",
        value_at(results, comparison, point.slot, point.pixel, channel),
    )
    if point.slot == ORIGINAL:
        return replace(said, sentence="The picture before its preparation: measured against, never used.")
    if point.slot == SOURCE:
        return _source_text(comparison, results, point, channel, said)
    ready, trace = results.ready(point.slot), row_of(results, point, channel)
    if ready is None or trace is None:
        return replace(said, sentence="Not computed: there is no such pixel yet.")
    if point.against:
        found = _difference_text(comparison, results, point, channel, said, ready, trace, form)
        if found is not None:
            return found
    slot = comparison.slot(point.slot) or ready.slot  # its name, as it is now
    return _row_text(ready, trace, said, ends, form, level, _stored(slot, ready, trace, stored))


def _name(comparison: Comparison, slot: str) -> str:
    name = panel_name(comparison, slot)
    # A wider space after the number, as in the header.
    return name.replace(" ", "\u2002", 1) if comparison.number(slot) else name


def _row_text(
    ready: Ready, trace: Trace, said: CardText, ends: Range, form: Form, level: int, stored: StoredValue | None
) -> CardText:
    facts = facts_of(ready, trace)
    sums = f"row sum {format_card(facts.row_sum)}  ·  Σ|w| {format_card(facts.abs_sum)}  ·  {facts.phase}"
    parts = len(stage_operators(ready.operator))
    said = replace(
        said,
        sums=sums,
        facts=(f"{facts.reach_text()}  ·  {facts.negative_text()}", facts.shift_text()),
        notes=tuple(filter(None, (*notes_at(ready, trace.pixel, trace.channel), before_text(ready.prepared)))),
        trace=trace,
        stages=parts if parts > 1 else 0,
    )
    if not trace.terms:
        return replace(said, sentence=f"No source reaches this pixel: it is {always(trace.offset)}.", facts=())
    if stored is not None and stored.rounding.reason:
        said = replace(said, notes=(*said.notes, stored.rounding.reason))
        stored = None
    tail = tail_of(trace.answer + rest_of(ready, trace), ends, ready.prepared, trace.channel, filed=stored is None)
    if parts > 1 and level:
        stages = stages_at(ready.operator, ready.prepared.values, trace.pixel, trace.channel)
        stage = stages[min(level, len(stages)) - 1]
        row, col = stage.trace.pixel
        sums = f"stage {stage.number} of {stage.count}: {stage.title}  ·  {stage.made}[{row},{col}]"
        formula = stage_formula(stage, peak_weight(stage.operator), form)
        if stage.number == stage.count:
            formula = replace(formula, tail=tail, stored=stored)
        return replace(said, sums=sums, formula=formula, stage=stage)
    formula = formula_of(ready, trace, peak_weight(ready.operator), tail, form)
    return replace(said, formula=replace(formula, stored=stored))


def _stored(slot: Slot, ready: Ready, trace: Trace, choice: Stored) -> StoredValue | None:
    """What the chosen library makes of the pixel; None where none was chosen."""
    library = chosen_library(slot, choice)
    if library is None:
        return None
    return stored_at(ready, trace.pixel, trace.channel, rounding_of(slot, ready.prepared, library))


def _source_text(comparison: Comparison, results: Results, point: ProbePoint, channel: int, said: CardText) -> CardText:
    tiles, notes = [], []
    for slot in comparison.slots:
        column = None if slot.hidden else column_of(results, point, slot.id, channel)
        ready = results.ready(slot.id)
        if column is None or ready is None:
            continue
        number = str(comparison.number(slot.id))
        tiles.append(Tile(number, slot.title, f"counts {format_card(column.total)}", covered(column.rows, column.cols)))
        cropped = cropped_text(ready, point)
        if cropped:
            notes.append(f"{number} {cropped}")
    sentence = "" if tiles else "No method has been computed."
    sums = "column sum and footprint, per method"
    return replace(said, sums=sums, tiles=tuple(tiles), sentence=sentence, notes=tuple(notes))


def _difference_text(
    comparison: Comparison, results: Results, point: ProbePoint, channel: int, said: CardText, ready: Ready,
    trace: Trace, form: Form,
) -> CardText | None:  # fmt: skip
    """A pixel of a difference: the row of A − B; to the original, the row of A and what is taken off."""
    against = counterpart(results, comparison, point)
    if against is None:
        return None
    other = value_at(results, comparison, against.slot, against.pixel, channel)
    if other is None:
        return None
    if against.slot == ORIGINAL:
        minus = ("original", other)
        formula = formula_of(ready, trace, peak_weight(ready.operator), (), form, minus)
        value = None if said.value is None else said.value - other
        sums = "minus the original"
        return replace(said, value=value, sums=sums, formula=formula, trace=trace)
    return _beside(comparison, results, point, against, channel)


def _beside(
    comparison: Comparison, results: Results, first: ProbePoint, second: ProbePoint, channel: int
) -> CardText | None:
    """Two rows: both weights of every source pixel, their difference, and both sums."""
    pair = pair_of(results, first, second, channel)
    if pair is None:
        return None
    ready = [results.ready(point.slot) for point in (first, second)]
    peak = max(peak_weight(one.operator) for one in ready if one is not None)
    names = _name(comparison, first.slot)
    if second.slot != first.slot:
        names = f"{comparison.number(first.slot)} − {comparison.number(second.slot)}"
    places = f"{first.row}, {first.col}"
    if second.pixel != first.pixel:
        places += f" − {second.row}, {second.col}"
    one, two = pair.first, pair.second
    facts = (
        f"Σ|w₁| {short(one.abs_sum)}  ·  Σ|w₂| {short(two.abs_sum)}",
        f"{len(pair)} source pixels, {int((pair.apart == 0).sum())} with equal weights",
    )
    sums = f"Σw₁ {short(one.row_sum)} − Σw₂ {short(two.row_sum)} = {short(one.row_sum - two.row_sum)}"
    return CardText(f"{names} at {places}", pair.difference, sums, pair=pair, peak=peak, sentence="", facts=facts)


def _tap_text(comparison: Comparison, results: Results, probe: Probe) -> CardText:
    tap = probe.tap
    assert tap is not None
    use = use_of(results, tap)
    name = "Preparation" if tap.slot == SOURCE else _name(comparison, tap.slot)
    title = f"{name}, tap {tap.row}, {tap.col}"
    if use is None:
        return CardText(title, sentence="This kernel is used by several layers: no single pair of pixels has the tap.")
    pairs = "pair" if use.count == 1 else "pairs"
    sentence = f"w[{tap.row},{tap.col}] = {format_card(use.weight)}: {use.count} {pairs} of source and output use it"
    sentence += f", {use.cropped} are cropped." if use.cropped else ", none is cropped."
    return CardText(title, use.weight, "weight of a tap of the kernel", sentence=sentence)

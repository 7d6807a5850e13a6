"""The key map as it is read: by topic, for the key sheet and the documentation; and which keys may be given to whom.

``python -m workbench.ui.keymap`` prints ``docs/keys.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.ui.actions import ACTIONS, GESTURES, MENUS, SPECS, ActionSpec

OTHER = "Elsewhere"
_STEPS = ("Left", "Right", "Up", "Down", "Home", "End", "Tab", "Backtab", "Esc", "Del")


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line of the sheet."""

    keys: tuple[str, ...]
    title: str
    tip: str
    id: str | None = None


def topics(own: Mapping[str, tuple[str, ...]] | None = None) -> tuple[tuple[str, tuple[KeyLine, ...]], ...]:
    """Everything that has a key, by the menu it stands in; then what keys and pointer do on the images.

    Parameters
    ----------
    own : mapping, optional
        Keys that a person gave to actions.
    """
    place = {id: title for title, items in MENUS for id in _ids(items)}
    found: dict[str, list[KeyLine]] = {title: [] for title, _ in MENUS}
    for spec in ACTIONS:
        keys = all_keys(spec, own)
        if keys:
            found.setdefault(place.get(spec.id, OTHER), []).append(KeyLine(keys, spec.title, spec.tip, spec.id))
    for gesture in GESTURES:
        found.setdefault(gesture.topic, []).append(KeyLine((gesture.keys,), gesture.does, ""))
    return tuple((topic, tuple(lines)) for topic, lines in found.items() if lines)


def all_keys(spec: ActionSpec, own: Mapping[str, tuple[str, ...]] | None = None) -> tuple[str, ...]:
    """The keys of an action, those that act on the images alone last."""
    return (*(own or {}).get(spec.id, spec.keys), *spec.canvas_keys)


def key_problem(id: str, key: str, own: Mapping[str, tuple[str, ...]] | None = None) -> str | None:
    """Why an action cannot have a key, in a sentence; None if it can.

    Parameters
    ----------
    key : str
        As ``QKeySequence`` writes it, portably: ``Ctrl+Shift+P``.
    """
    spec = SPECS[id]
    if not key:
        return "Press a key."
    if ", " in key:
        return "One key at a time, not a sequence."
    if spec.scope == "window" and not _anywhere(key):
        return "It acts anywhere, so its key needs Ctrl, Alt or F1 … F12: a bare one would be taken from text fields."
    if _kept(key):
        return f"{key} is kept: on the images it steps, pans, selects or goes back."
    if any(key == f"Alt+{title[0]}" for title, _ in MENUS):
        return f"{key} opens a menu."
    for other in ACTIONS:
        if other.id != id and key in all_keys(other, own):
            return f"{key} belongs to {other.title}; take it from there first."
    return None


def markdown() -> str:
    """``docs/keys.md``."""
    lines = [
        "# Keys",
        "",
        "Made from the table in `workbench/ui/actions.py` by `make keys`;",
        "Help ▸ Change keys… gives any command other ones.",
        "Bare letters act while the images have the focus, never while typing.",
        "",
    ]
    for topic, rows in topics():
        lines += [f"## {topic}", "", "| keys | does | |", "|---|---|---|"]
        for row in rows:
            keys = row.keys if row.id is None else tuple(f"`{key}`" for key in row.keys)
            lines.append(f"| {' · '.join(keys)} | {row.title} | {row.tip} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _ids(items: tuple[object, ...]) -> list[str]:
    found: list[str] = []
    for item in items:
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, tuple):
            found += [id for id in item[1] if isinstance(id, str)]
    return found


def _anywhere(key: str) -> bool:
    last = key.rsplit("+", 1)[-1]
    return key.startswith(("Ctrl+", "Alt+", "Meta+")) or (last[:1] == "F" and last[1:].isdigit())


def _kept(key: str) -> bool:
    last = key.removeprefix("Ctrl+").removeprefix("Shift+")
    digit = key.removeprefix("Num+")
    return last in _STEPS or (len(digit) == 1 and digit in "0123456789")


if __name__ == "__main__":
    print(markdown(), end="")

"""The menu of methods by family, and with which parameters a new one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QWidget, QWidgetAction

from workbench.kernels.arrays import Shape
from workbench.kernels.method import Method
from workbench.kernels.presets import Preset, all_presets
from workbench.kernels.registry import all_methods
from workbench.model import edits

if TYPE_CHECKING:
    from workbench.ui.context import Context


def method_menu(context: Context, parent: QWidget) -> QMenu:
    """Every method that enlarges, under its family, and those that libraries have under their names.

    A chosen one becomes a slot behind the selected one. Tooltips hold what it does and its formula.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    family = ""
    for cls in all_methods("upsample"):
        if cls.info.family != family:
            family = cls.info.family
            head = QWidgetAction(menu)
            label = QLabel(family)
            label.setFont(context.theme.font(11, 500))
            label.setStyleSheet(f"color: {context.theme.tokens.text3}; padding: 6px 10px 2px 10px;")
            head.setDefaultWidget(label)
            head.setEnabled(False)
            menu.addAction(head)
        action = menu.addAction(cls.info.name)
        action.setToolTip("\n".join(filter(None, (cls.info.doc, cls.info.formula))))
        action.triggered.connect(lambda _=False, cls=cls: add_method(context, suited(context, cls)))
    menu.addSeparator()
    libraries: dict[str, QMenu] = {}
    for preset in all_presets():
        if preset.library not in libraries:
            libraries[preset.library] = menu.addMenu(f"As in {preset.library}")
            libraries[preset.library].setToolTipsVisible(True)
        action = libraries[preset.library].addAction(preset.id)
        action.setToolTip(f"{preset.label}\n{preset.note}")
        action.triggered.connect(lambda _=False, one=preset: add_method(context, as_preset(context, one), one.id))
    return menu


def add_method(context: Context, method: Method, name: str | None = None) -> None:
    """A slot with this method behind the selected one, and selected itself."""
    session, selected = context.session, context.view.value.selected
    id = session.value.free_id()
    after = selected if session.value.slot(selected) else None
    session.do(f"Add {name or method.info.name}", edits.add_slot(method, after, name))
    context.view.set(selected=id)


def suited(context: Context, cls: type[Method]) -> Method:
    """A method whose output has the size of the original, so that it can be compared at once; else its defaults."""
    return cls.from_fields(_fields_for(cls, _factors(context)))


def as_preset(context: Context, preset: Preset) -> Method:
    """A library's choice, as large as the original where it takes a scale."""
    scaled = "scale" in {field.name for field in type(preset.method()).fields()}
    return preset.method(scale=_factors(context)) if scaled else preset.method()


def _factors(context: Context) -> Shape:
    """How many times an output must be larger to have the size of the original; 2 where there is none."""
    prepared = context.results.prepared
    if prepared is None or prepared.original is None:
        return (2, 2)
    rows, cols = (round(1 / step) for step in prepared.original_placement.step)
    return (max(1, rows), max(1, cols))


def _fields_for(cls: type[Method], factors: Shape) -> dict[str, Any]:
    names = {field.name for field in cls.fields()}
    if "scale" in names:
        return {"scale": factors}
    if {"kernel", "stride", "output_padding"} <= names:
        # Linear interpolation as a stamp: 2s − (s mod 2) wide, cropped so that n becomes n·s.
        padding = tuple((s - s % 2) // 2 for s in factors)
        return {"kernel": "bilinear", "stride": factors, "padding": padding}
    return {"kernel": factors} if "kernel" in names else {}

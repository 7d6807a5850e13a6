"""The docks below the images, one at a time; each is imported and made when it is first wanted."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workbench.ui.context import Context

BOTTOM = ("provenance", "metrics", "profile", "histogram", "regions", "pins")
"""Ids, in the order of their switches."""
RIGHT = ("matrix",)
DOCKS = (*BOTTOM, *RIGHT)


def make_dock(id: str, context: Context) -> QWidget:
    """The widget of a bottom dock."""
    match id:
        case "provenance":
            from workbench.ui.panels.provenance_card import ProvenanceCard

            return ProvenanceCard(context)
        case "metrics":
            from workbench.ui.panels.metrics import MetricsPanel

            return MetricsPanel(context)
        case "profile":
            from workbench.ui.panels.profile import ProfilePanel

            return ProfilePanel(context)
        case "histogram":
            from workbench.ui.panels.histogram import HistogramPanel

            return HistogramPanel(context)
        case "regions":
            from workbench.ui.panels.regions import RegionsPanel

            return RegionsPanel(context)
        case "pins":
            from workbench.ui.panels.pins import PinsPanel

            return PinsPanel(context)
    raise KeyError(id)

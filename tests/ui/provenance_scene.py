"""What tests of provenance on pixels share: all panels on screen, and what a person sees and reads there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.kernels.registry import from_text
from workbench.model.document import Preparation
from workbench.model.samples import array_source
from workbench.model.status import status_text
from workbench.model.view_state import Camera
from workbench.ui.context import Context
from workbench.ui.image_view import ImageView
from workbench.ui.looks import cell_rect
from workbench.ui.panels.panel_area import PanelArea

LAYER = "transposed_conv:kernel=[[1,2,3],[4,5,6],[7,8,9]],stride=2,padding=1,output_padding=1"


@pytest.fixture
def area(qtbot: QtBot, context: Context) -> PanelArea:
    made = PanelArea(context)
    qtbot.addWidget(made)
    made.resize(1302, 703)
    made.show()
    made.fit()
    context.probe.show(None)
    return made


def say(context: Context) -> str:
    view = context.view.value
    return status_text(context.results, context.session.value, context.probe, view.channel, view.selected)


def colour_at(view: ImageView, y: float, x: float) -> tuple[int, int, int]:
    """The colour on screen at a place of the image, in its own pixels."""
    picture = view.viewport().grab().toImage()
    placement, frame = view.frame.placement, view.frame
    rect = cell_rect(frame, 0, 0)
    at = QPoint(int(rect.left() + x * frame.cell[1]), int(rect.top() + y * frame.cell[0]))
    assert placement is not None
    return picture.pixelColor(at).getRgb()[:3]


def zoom(context: Context, area: PanelArea, y: float, x: float, zoom: float) -> None:
    context.view.set(layout="row", camera=Camera(y, x, zoom))
    QApplication.processEvents()


def pooled(context: Context, values: np.ndarray, pool: str, method: str) -> None:
    comparison = context.session.value
    source, preparation = array_source(values), Preparation(from_text(pool))
    slots = (replace(comparison.slots[0], method=from_text(method)),)
    context.session.load(replace(comparison, source=source, preparation=preparation, slots=slots))

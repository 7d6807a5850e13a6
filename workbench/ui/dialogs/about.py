"""What this program is, and with which versions it runs."""

from __future__ import annotations

import platform

import numpy as np
import PySide6
import scipy
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

import workbench
from workbench.ui.controls import Text, TextButton

TITLE = "Upsampling Comparison Workbench"


def versions() -> tuple[tuple[str, str], ...]:
    """Name and version of everything that decides about numbers or looks."""
    return (
        ("Workbench", workbench.__version__),
        ("Python", platform.python_version()),
        ("NumPy", np.__version__),
        ("SciPy", scipy.__version__),
        ("Qt for Python", PySide6.__version__),
    )


class AboutDialog(QDialog):
    """Name, purpose, versions to be copied into a report, and whose work is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"About the {TITLE}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(Text(TITLE, 15, 600))
        purpose = "Shows what each upsampling method does to a picture, and why, pixel by pixel: every output is A x."
        layout.addWidget(Text(purpose, 12, 400, "text2", wrap=True))
        self.versions = Text("\n".join(f"{name} {version}" for name, version in versions()), 11, mono=True)
        self.versions.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        layout.addWidget(self.versions)
        credit = (
            "MIT licence. Typefaces: Inter and JetBrains Mono (SIL OFL). Colour maps: CET by Peter Kovesi (CC BY), "
            "viridis and cividis (CC0). Sources stand beside each file in resources."
        )
        layout.addWidget(Text(credit, 11, 400, "text3", wrap=True))
        row = QHBoxLayout()
        row.addStretch(1)
        close = TextButton("Close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        layout.addLayout(row)
        self.setFixedWidth(440)


def show_about(parent: QWidget | None) -> None:
    """Show it and wait until it is closed."""
    AboutDialog(parent).exec()

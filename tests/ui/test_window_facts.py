"""Facts about the window as a whole: what it loads, how much of it is image, what an emission must not cost."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QObject, Signal

from workbench.model import start
from workbench.model.jobs import InlineRunner
from workbench.ui.app import Workbench
from workbench.ui.settings import Settings

LAZY = (
    "matplotlib", "scipy.signal", "scipy.interpolate", "scipy.ndimage", "scipy.linalg", "scipy.fft", "torch", "skimage",
    "numba", "PIL", "workbench.figures", "workbench.cli", "workbench.ui.dialogs.export", "workbench.ui.dialogs.palette",
    "workbench.ui.dialogs.key_sheet", "workbench.ui.dialogs.remap", "workbench.ui.panels.profile",
    "workbench.ui.panels.histogram", "workbench.ui.panels.metrics", "workbench.ui.panels.regions",
)  # fmt: skip

PROBE = """
import sys
from PySide6.QtCore import QSettings
from workbench.model import start
from workbench.model.jobs import InlineRunner
from workbench.ui.app import Workbench, application
from workbench.ui.settings import Settings
from workbench.ui.theme import Theme

app = application()
theme = Theme("dark")
theme.apply(app)
settings = Settings(QSettings(sys.argv[1], QSettings.Format.IniFormat))
workbench = Workbench(start.first_start(), theme, settings, lambda post: InlineRunner())
workbench.window.show()
app.processEvents()
print(",".join(sorted(sys.modules)))
workbench.window.hide()
workbench.close()
"""


def test_the_window_comes_up_without_what_only_later_work_needs(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path / "settings.ini")], capture_output=True, text=True, timeout=60
    )
    loaded = set(done.stdout.strip().splitlines()[-1].split(","))

    assert done.returncode == 0, done.stderr
    assert not loaded & set(LAZY)


def test_all_of_the_model_that_the_first_images_need_is_imported_before_qt():
    # PySide6 reads the source text of each module that is imported after it.
    code = "import sys, workbench.ui.app; print(','.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    names = done.stdout.strip().split(",")

    late = names[names.index("PySide6") :]
    assert [name for name in late if name.startswith(("workbench.model", "workbench.kernels", "numpy."))] == []


@pytest.mark.parametrize("size", [(1280, 800), (1600, 1000), (2560, 1440)])
def test_images_have_at_least_65_percent_of_the_default_window(qapp, theme, tmp_path, size):
    from PySide6.QtCore import QSettings

    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    workbench = Workbench(start.first_start(), theme, settings, lambda post: InlineRunner())
    window = workbench.window
    window.resize(*size)
    window.show()
    qapp.processEvents()
    area = window.panel_area
    pixels = sum(area.view(name).width() * area.view(name).height() for name in area.names)
    share = pixels / (window.width() * window.height())
    workbench.close()
    window.hide()
    window.deleteLater()

    assert (window.width(), window.height()) == size
    assert share >= 0.65


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None are immortal from 3.12 on")
def test_emitting_and_calling_costs_no_reference_of_true_or_none():
    class Sender(QObject):
        flag = Signal(bool)

    sender = Sender()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(500):
        sender.flag.emit(True)
        sender.setObjectName("x")
    after = sys.getrefcount(True), sys.getrefcount(None)

    assert after[0] > before[0] - 100
    assert after[1] > before[1] - 100

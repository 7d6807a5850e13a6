"""How the program starts: the window if it can, else the figure; always a status and a sentence."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import main as program
from workbench import __version__, doctor

MAIN = Path(program.__file__).resolve()
NO_WINDOW = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


def start(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, without a display."""
    kept = {name: value for name, value in os.environ.items() if name not in NO_WINDOW}
    return subprocess.run(
        [sys.executable, str(MAIN), *words],
        cwd=folder,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there a display can be missing")


@linux
def test_without_a_display_the_figure_is_drawn_and_its_path_is_all_that_is_printed(tmp_path: Path) -> None:
    done = start(folder=tmp_path)
    assert done.returncode == 0
    assert done.stderr == "No window: there is no display; drawing the figure instead.\n"
    (line,) = done.stdout.splitlines()
    with Image.open(tmp_path / line) as image:
        assert image.format == "PNG"
        assert len(np.unique(np.asarray(image)[:, :, 0])) > 100


@linux
def test_without_a_display_a_picture_is_drawn_under_a_free_name(tmp_path: Path) -> None:
    np.save(tmp_path / "ramp.npy", np.linspace(0, 1, 60).reshape(6, 10))
    names = [start("ramp.npy", folder=tmp_path).stdout.strip() for _ in (1, 2)]
    assert names == ["ramp-comparison.png", "ramp-comparison-2.png"]


@linux
def test_a_display_that_does_not_answer_is_noticed_before_qt_aborts(tmp_path: Path) -> None:
    done = start("none.png", folder=tmp_path, DISPLAY=":4711")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "No window: the display :4711 does not answer; drawing the figure instead.",
        "error: none.png: there is no such file",
    ]


def test_a_command_computes_without_qt(tmp_path: Path) -> None:
    done = start("explain", "nearest", "[[1,2,3]]", "--pixel", "1,5", "--json", folder=tmp_path)
    assert json.loads(done.stdout)["value"] == 3


def test_the_version_is_printed(tmp_path: Path) -> None:
    assert start("--version", folder=tmp_path).stdout == f"upsampling-workbench {__version__}\n"


def test_the_doctor_tells_versions_missing_libraries_and_the_log(tmp_path: Path) -> None:
    done = start("--doctor", folder=tmp_path)
    assert done.returncode == 0
    for words in ("Python ", "numpy ", "Qt platforms: ", "window: ", "log: "):
        assert f"\n{words}" in done.stdout


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.main(["--help"])
    assert "explain" in capsys.readouterr().out


def test_an_unknown_option_is_one_sentence_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        program.main(["--nix"])
    assert stop.value.code == 2
    assert capsys.readouterr().err == "error: unrecognized arguments: --nix (see main.py --help)\n"


def test_importing_the_program_loads_nothing_heavy() -> None:
    code = "import sys, main; print([m for m in ('numpy', 'PySide6', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=MAIN.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_one_blas_thread_is_the_default_before_numpy_and_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    monkeypatch.setattr("sys.stdout", io.StringIO())
    program.main(["methods"])
    assert os.environ["OPENBLAS_NUM_THREADS"] == "3"


def test_the_pair_that_kills_the_process_opens_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "version", lambda name: "6.12.0")
    monkeypatch.setattr(sys, "version_info", (3, 11, 7))
    monkeypatch.setattr(doctor.sys, "version_info", _Version(3, 11))
    assert 'pip install "PySide6-Essentials>=6.8.2,<6.12"' in (doctor.bad_pair() or "")


class _Version(tuple[int, int]):
    """Stands for ``sys.version_info``."""

    __slots__ = ()

    def __new__(cls, major: int, minor: int) -> _Version:
        return super().__new__(cls, (major, minor))

    @property
    def major(self) -> int:
        return self[0]

    @property
    def minor(self) -> int:
        return self[1]


def test_a_good_pair_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "version", lambda name: "6.11.3")
    assert doctor.bad_pair() is None


@linux
def test_a_missing_library_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor.LIBRARIES, "libnowhere.so.9", "libnowhere9")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert doctor.why_no_screen() == "libnowhere.so.9 is missing (apt-get install libnowhere9)"


def test_a_chosen_platform_is_not_questioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(doctor, "version", lambda name: "6.11.3")
    assert doctor.why_no_window() is None

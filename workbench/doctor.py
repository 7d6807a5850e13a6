"""What keeps a window from opening, said before Qt is asked: Qt aborts, and blames the wrong library.

Nothing here imports Qt.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from workbench import __version__

LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""Shared libraries that every platform plugin needs, and the Debian package of each."""

XCB_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""What an X11 window needs besides."""

QT = "PySide6-Essentials"


def why_no_window() -> str | None:
    """Why no window can be opened here, as a clause; None if nothing speaks against it."""
    return bad_pair() or (None if os.environ.get("QT_QPA_PLATFORM") else why_no_screen())


def bad_pair() -> str | None:
    """Whether this PySide6 can run under this Python; the clause ends with the line that repairs it."""
    try:
        found = version(QT)
    except PackageNotFoundError:
        return f'{QT} is not installed (pip install "{QT}{_bound()}")'
    numbers = tuple(int(part) for part in found.split(".")[:2] if part.isdecimal())
    if sys.version_info < (3, 12) and numbers >= (6, 12):
        # It takes a reference from None at each void call, until the process aborts.
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f'PySide6 {found} crashes under Python {python} (pip install "{QT}{_bound()}")'
    return None


def why_no_screen() -> str | None:
    """On Linux: the first missing library, or that there is no display."""
    if not sys.platform.startswith("linux"):
        return None
    wayland = bool(os.environ.get("WAYLAND_DISPLAY"))
    missing = missing_libraries(LIBRARIES if wayland else {**LIBRARIES, **XCB_LIBRARIES})
    if missing:
        names, packages = ", ".join(missing), " ".join(missing.values())
        return f"{names} {'is' if len(missing) == 1 else 'are'} missing (apt-get install {packages})"
    if wayland or x_display_answers():
        return None
    shown = os.environ.get("DISPLAY")
    return f"the display {shown} does not answer" if shown else "there is no display"


def missing_libraries(table: dict[str, str]) -> dict[str, str]:
    """Those of a table of libraries that cannot be loaded, with their packages."""
    missing = {}
    for name, package in table.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            missing[name] = package
    return missing


def x_display_answers() -> bool:
    """Whether an X server answers at ``DISPLAY``; right as well for a dead or unresolvable one."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def log_file() -> Path:
    """Where the window writes what went wrong."""
    place = Path("upsampling-workbench", "workbench", "workbench.log")
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"), place)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / place
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share", place)


def report() -> str:
    """Versions, platform, what is missing and where the log is, for a bug report."""
    lines = [f"Upsampling Comparison Workbench {__version__}", f"Python {platform.python_version()}, {_system()}"]
    for name in (QT, "pyqtgraph", "numpy", "scipy", "psygnal", "OpenImageIO", "Pillow", "matplotlib", "numba"):
        lines.append(f"{name} {_version(name)}")
    lines.append(f"Qt platforms: {', '.join(_plugins()) or 'none found'}; chosen: {_chosen()}")
    if sys.platform.startswith("linux"):
        missing = missing_libraries({**LIBRARIES, **XCB_LIBRARIES})
        packages = " ".join(missing.values())
        lines.append(f"missing libraries: {', '.join(missing) or 'none'}")
        lines += [f"  apt-get install --no-install-recommends {packages}"] if missing else []
    lines.append(f"window: {why_no_window() or 'yes'}")
    log = log_file()
    lines.append(f"log: {log}{'' if log.exists() else ' (not there yet)'}")
    return "\n".join(lines)


def _bound() -> str:
    return ">=6.8.2,<6.13" if sys.version_info >= (3, 12) else ">=6.8.2,<6.12"


def _system() -> str:
    return f"{platform.system()} {platform.release()} {platform.machine()}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _chosen() -> str:
    return os.environ.get("QT_QPA_PLATFORM") or "automatically"


def _plugins() -> list[str]:
    """Platform plugins that lie beside PySide6, found without loading it."""
    spec = find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        return []
    root = Path(next(iter(spec.submodule_search_locations)))
    found = {file.stem.removeprefix("lib").removeprefix("q") for file in root.glob("**/plugins/platforms/*q*")}
    return sorted(found)

"""What the program remembers between two runs: geometry, theme and recent files. Nothing of a comparison."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

MAX_RECENT = 10
SLOWEST, FASTEST, USUAL = 0.5, 10.0, 2.0
"""Blinking: how often both pictures are seen in a second."""


class Settings:
    """A few values in an INI file.

    Parameters
    ----------
    store : QSettings, optional
        Default: the user's own file.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "upsampling-workbench", "workbench"
        )
        self._read: dict[str, Any] = {}

    def _value(self, name: str, default: Any, kind: type) -> Any:
        """A value, read from the file once: actions ask whether they are on at every change."""
        if name not in self._read:
            self._read[name] = self._store.value(name, default, type=kind)
        return self._read[name]

    def _set(self, name: str, value: Any) -> None:
        self._read.pop(name, None)
        self._store.setValue(name, value)

    @property
    def theme(self) -> str:
        return str(self._value("theme", "system", str))

    @theme.setter
    def theme(self, mode: str) -> None:
        self._set("theme", mode)

    @property
    def keys(self) -> dict[str, tuple[str, ...]]:
        """Keys that a person gave to actions, by the actions' ids; what cannot be read is left out."""
        try:
            kept = json.loads(str(self._store.value("keys", "{}", type=str)))
        except ValueError:
            return {}
        found = kept.items() if isinstance(kept, dict) else ()
        return {id: tuple(map(str, keys)) for id, keys in found if isinstance(keys, list)}

    @keys.setter
    def keys(self, changed: dict[str, tuple[str, ...]]) -> None:
        self._store.setValue("keys", json.dumps(changed))

    @property
    def font_scale(self) -> float:
        """Size of all text, as a ratio of the system's."""
        try:
            return min(max(float(self._value("font_scale", "1.0", str)), 0.8), 2.0)
        except ValueError:
            return 1.0

    @font_scale.setter
    def font_scale(self, scale: float) -> None:
        self._set("font_scale", scale)

    @property
    def blink_rate(self) -> float:
        """How often both pictures are seen in a second while they blink."""
        try:
            return min(max(float(self._value("blink_rate", str(USUAL), str)), SLOWEST), FASTEST)
        except ValueError:
            return USUAL

    @blink_rate.setter
    def blink_rate(self, rate: float) -> None:
        self._set("blink_rate", rate)

    @property
    def surround(self) -> str:
        """What surrounds the images: the theme's grey, or one for good."""
        return str(self._value("surround", "theme", str))

    @surround.setter
    def surround(self, name: str) -> None:
        self._set("surround", name)

    @property
    def watch(self) -> bool:
        """Whether a source is read again when its file changes."""
        return bool(self._value("watch", True, bool))

    @watch.setter
    def watch(self, on: bool) -> None:
        self._set("watch", on)

    @property
    def geometry(self) -> QByteArray | None:
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)

    @property
    def folder(self) -> str:
        """Where the last file was opened."""
        return str(self._store.value("folder", "", type=str))

    def recent(self) -> list[Path]:
        """Files opened last, the newest first; those that are gone are left out."""
        count = self._store.beginReadArray("recent")
        paths = []
        for index in range(count):
            self._store.setArrayIndex(index)
            paths.append(Path(str(self._store.value("path", "", type=str))))
        self._store.endArray()
        return [path for path in paths if path.name and path.exists()]

    def remember(self, path: Path) -> None:
        """Put a file first in the list."""
        resolved = path.resolve()
        kept = [resolved, *(other for other in self.recent() if other != resolved)][:MAX_RECENT]
        self._store.beginWriteArray("recent", len(kept))
        for index, one in enumerate(kept):
            self._store.setArrayIndex(index)
            self._store.setValue("path", str(one))
        self._store.endArray()
        self._store.setValue("folder", str(resolved.parent))

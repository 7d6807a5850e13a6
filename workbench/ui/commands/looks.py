"""How the window itself looks: theme, what surrounds the images, size of text. Kept in the settings."""

from __future__ import annotations

from typing import cast, get_args

from workbench.ui.commands.group import CommandGroup
from workbench.ui.main_window import MainWindow
from workbench.ui.settings import Settings
from workbench.ui.theme import Mode, Surround

TEXT_SCALES = (0.9, 1.0, 1.1, 1.25)


class LookCommands(CommandGroup):
    """Theme, surround, text size; what was chosen last time is there at once."""

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._settings = settings
        for mode in get_args(Mode):
            self.bind(
                f"theme_{mode}",
                lambda mode=mode: self._set_theme(mode),
                checked=lambda mode=mode: settings.theme == mode,
            )
        for name in get_args(Surround):
            self.bind(
                f"surround_{name}",
                lambda name=name: self._set_surround(name),
                checked=lambda name=name: self.context.theme.surround == name,
            )
        self.bind("text_larger", lambda: self._step_text(1), lambda: self._no_text(1))
        self.bind("text_smaller", lambda: self._step_text(-1), lambda: self._no_text(-1))
        if settings.surround in get_args(Surround):
            self.context.theme.set_surround(cast(Surround, settings.surround))
        self.context.theme.set_text_scale(settings.font_scale)

    def _set_theme(self, mode: Mode) -> None:
        self._settings.theme = mode
        self.context.theme.set_mode(mode)

    def _set_surround(self, name: Surround) -> None:
        self._settings.surround = name
        self.context.theme.set_surround(name)

    def _at(self) -> int:
        """Which of the sizes is in use, or is nearest."""
        return min(range(len(TEXT_SCALES)), key=lambda k: abs(TEXT_SCALES[k] - self._settings.font_scale))

    def _no_text(self, by: int) -> str | None:
        if 0 <= self._at() + by < len(TEXT_SCALES):
            return None
        return "the text is as large as it gets" if by > 0 else "the text is as small as it gets"

    def _step_text(self, by: int) -> None:
        scale = TEXT_SCALES[self._at() + by]
        self._settings.font_scale = scale
        self.context.theme.set_text_scale(scale)

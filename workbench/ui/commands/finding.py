"""Finding and changing commands: the palette, the key sheet, other keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.kernels.patterns import all_charts
from workbench.kernels.presets import all_presets
from workbench.kernels.registry import all_methods
from workbench.model import lessons, samples
from workbench.ui.commands.group import CommandGroup
from workbench.ui.documents import Documents
from workbench.ui.main_window import MainWindow
from workbench.ui.panels.method_menu import add_method, as_preset, suited
from workbench.ui.settings import Settings

if TYPE_CHECKING:
    from workbench.ui.dialogs.palette import Entry


class FindingCommands(CommandGroup):
    """Palette, key sheet, remapping."""

    def __init__(self, window: MainWindow, documents: Documents, settings: Settings) -> None:
        super().__init__(window)
        self._documents = documents
        self._settings = settings
        self.bind("palette", self._palette)
        self.bind("key_sheet", self._key_sheet)
        self.bind("remap", self._remap)
        window.action_set.set_keys(settings.keys)

    def entries(self) -> tuple[Entry, ...]:
        """Everything the palette offers."""
        from workbench.ui.dialogs.palette import of_actions

        return (*of_actions(self.window.action_set), *self._more())

    def _palette(self) -> None:
        from workbench.ui.dialogs.palette import Palette

        palette = Palette(self.entries(), self.window)
        palette.exec()
        palette.deleteLater()

    def _more(self) -> tuple[Entry, ...]:
        """What can be opened or added by its name."""
        from workbench.ui.dialogs.palette import Entry

        documents, context = self._documents, self.context
        methods = [
            Entry(f"Add {cls.info.name}", cls.info.family, lambda cls=cls: add_method(context, suited(context, cls)))
            for cls in all_methods("upsample")
        ]
        presets = [
            Entry(f"Add {one.id}", one.library, lambda one=one: add_method(context, as_preset(context, one), one.id))
            for one in all_presets()
        ]
        pictures = [
            Entry(f"Open {one.name}", "Sample", lambda id=one.id: documents.open_sample(id), one.note)
            for one in samples.all_samples()
        ]
        charts = [
            Entry(f"Draw {one.name}", "Chart", lambda id=one.id: documents.open_chart(id), one.note)
            for one in all_charts()
        ]
        taught = [
            Entry(one.title, "Lesson", lambda id=one.id: documents.open_lesson(id)) for one in lessons.all_lessons()
        ]
        return (*methods, *presets, *pictures, *charts, *taught)

    def _key_sheet(self) -> None:
        from workbench.ui.dialogs.key_sheet import KeySheet

        open_ = next((one for one in self.window.findChildren(KeySheet) if one.isVisible()), None)
        if open_ is not None:
            open_.close()
        else:
            KeySheet(self.window.action_set, self.window).show()

    def _remap(self) -> None:
        from workbench.ui.dialogs.remap import RemapDialog

        dialog = RemapDialog(self.window.action_set, self.window)
        if dialog.exec():
            self._settings.keys = dialog.chosen
            self.window.action_set.set_keys(dialog.chosen)
        dialog.deleteLater()

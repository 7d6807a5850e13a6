"""Files, history and clipboard: what File, Edit and Help do."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from workbench.kernels.errors import WorkbenchError
from workbench.model.image_saving import save_image
from workbench.model.results import Ready
from workbench.ui.commands.group import CommandGroup
from workbench.ui.documents import Documents
from workbench.ui.main_window import MainWindow
from workbench.ui.settings import Settings


class DocumentCommands(CommandGroup):
    """Open, save, export, undo, copy, help."""

    def __init__(self, window: MainWindow, documents: Documents, settings: Settings) -> None:
        super().__init__(window)
        self._documents = documents
        self._settings = settings
        bind, session = self.bind, self.context.session
        bind("open", documents.ask_open)
        bind("open_folder", documents.ask_folder)
        bind("open_pattern", documents.ask_pattern)
        bind("next_image", lambda: documents.step(1), self._no_others)
        bind("previous_image", lambda: documents.step(-1), self._no_others)
        bind("watch", lambda: documents.set_watches(not documents.watches), checked=lambda: documents.watches)
        bind("paste", documents.paste, documents.paste_reason)
        bind("reload", documents.reload, lambda: None if documents.reload_path() else "the source is no file")
        bind("new", documents.new)
        bind("save", documents.save)
        bind("save_as", documents.save_as)
        bind("export_figure", self._export, self.no_image)
        bind("save_output", self._save_output, lambda: self.no_image() or self.no_slot())
        bind("quit", self.window.close)
        bind(
            "undo",
            session.undo,
            lambda: None if session.undo_label else "nothing to undo",
            title=lambda: f"Undo {session.undo_label or ''}".strip(),
        )
        bind(
            "redo",
            session.redo,
            lambda: None if session.redo_label else "nothing to redo",
            title=lambda: f"Redo {session.redo_label or ''}".strip(),
        )
        bind("copy_readout", lambda: self.window.card.copy(), self.no_image)
        bind("copy_view", self._copy_view, self.no_image)
        bind("about", self._about)

    def _no_others(self) -> str | None:
        return None if self._documents.gallery.place else "only one picture was opened"

    def _export(self) -> None:
        from workbench.ui.dialogs.export import ExportDialog

        dialog = ExportDialog(self.context, self.window)
        dialog.exec()
        dialog.deleteLater()  # with its page, which is large

    def _save_output(self) -> None:
        id = self.selected()
        ready = self.context.results.get(id) if id else None
        if not isinstance(ready, Ready) or ready.whole is None:
            sentence = "Its whole output has not been computed; Analyse ▸ Compute whole output does it."
            self.window.show_error("Nothing to save yet.", sentence)
            return
        title = self.context.session.value.slot(id).title
        proposal = str(Path(self._settings.folder) / f"{title.lower().replace(' ', '-')}.png")
        kinds = "PNG, 8 bit (*.png);;TIFF, 16 bit (*.tif);;NumPy array, exact (*.npy)"
        path, kind = QFileDialog.getSaveFileName(self.window, "Save output image", proposal, kinds)
        if not path:
            return
        try:
            if "16 bit" in kind:
                report = save_image(Path(path), ready.whole, depth=16)
            else:
                report = save_image(Path(path), ready.whole)
        except WorkbenchError as error:
            self.window.show_error(f"Could not save {Path(path).name}.", f"{error}.")
            return
        if report.clipped:
            self.window.banner.show_note(
                f"Saved {Path(path).name}.", f"{report.clipped} values lay outside 0 … 1 and were clipped."
            )

    def _copy_view(self) -> None:
        QGuiApplication.clipboard().setPixmap(self.window.panel_area.grab())

    def _about(self) -> None:
        from workbench.ui.dialogs.about import show_about

        show_about(self.window)

"""The style sheet: some thirty rules for Qt's own controls, written from the tokens. No fonts, no layout of ours.

A focus ring is 2 px instead of the 1 px border, and takes the difference from the padding in the same rule, so that
nothing moves. Buttons are told apart by the property ``kind``.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from workbench.ui.tokens import Tokens


def style_sheet(tokens: Tokens, arrows: dict[str, str]) -> str:
    """The sheet of one theme.

    Parameters
    ----------
    tokens : Tokens
    arrows : dict
        Files of the small signs Qt loses once a control is styled: up, down, right, check, and each ``-disabled``.
    """
    files = {name.replace("-", "_"): path for name, path in arrows.items()}
    return Template(_SHEET).substitute(asdict(tokens), **files)


_SHEET = """
QToolTip { background: $raised; color: $text; border: 1px solid $outline; padding: 5px 8px; }
QDialog, QMainWindow { background: $chrome; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }

QPushButton { background: $raised; color: $text; border: 1px solid $outline; border-radius: 4px; padding: 0 12px;
  min-height: 26px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $press; }
QPushButton:focus { border: 2px solid $accent; padding: 0 11px; min-height: 24px; }
QPushButton:disabled { background: transparent; color: $disabled; border-color: $line; }
QPushButton[kind="primary"] { background: $accentfill; color: $onaccent; border-color: $accentfill; }
QPushButton[kind="primary"]:hover { border-color: $text2; }
QPushButton[kind="primary"]:pressed { border-color: $text; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled { background: transparent; color: $disabled; border-color: $line; }
QPushButton[kind="quiet"] { background: transparent; color: $text2; border-color: transparent; padding: 0 8px;
  min-height: 22px; }
QPushButton[kind="quiet"]:hover { background: $hover; color: $text; }
QPushButton[kind="quiet"]:pressed { background: $press; }
QPushButton[kind="quiet"]:focus { border-color: $accent; padding: 0 7px; min-height: 20px; }
QPushButton[kind="quiet"]:disabled { color: $disabled; }
QPushButton[flush="true"] { padding: 0 6px 0 0; text-align: left; }
QPushButton[flush="true"]:focus { padding: 0 5px 0 0; }

QToolButton { background: transparent; color: $text2; border: 1px solid transparent; border-radius: 4px; padding: 3px; }
QToolButton:hover { background: $hover; color: $text; }
QToolButton:pressed { background: $press; }
QToolButton:checked { background: $sel; color: $text; border-color: $outline; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; }
QToolButton[kind="toggle"] { padding: 0 8px; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit { background: $field; color: $text;
  border: 1px solid $outline; border-radius: 4px; selection-background-color: $accentfill;
  selection-color: $onaccent; }
QLineEdit, QComboBox { padding: 0 5px; min-height: 26px; }
QAbstractSpinBox { min-height: 26px; padding: 0 0 0 1px; }
QComboBox { padding: 0 0 0 7px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover, QPlainTextEdit:hover { border-color: $text2; }
QLineEdit:focus, QComboBox:focus { border: 2px solid $accent; padding: 0 4px; min-height: 24px; }
QAbstractSpinBox:focus { border: 2px solid $accent; padding: 0; min-height: 24px; }
QComboBox:focus { padding: 0 0 0 6px; }
QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled, QPlainTextEdit:disabled {
  background: transparent; color: $disabled; border-color: $line; }
QAbstractSpinBox QLineEdit:disabled { background: transparent; color: $disabled; }
QAbstractSpinBox QLineEdit:hover, QAbstractSpinBox QLineEdit:focus { border: none; padding: 0; min-height: 0; }
*[invalid="true"], *[invalid="true"]:hover { border-color: $err; }
*[invalid="true"]:focus { border-color: $err; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 18px; border: none;
  background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-arrow { image: url($up); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url($down); width: 8px; height: 8px; }
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off { image: url($up_disabled); }
QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off { image: url($down_disabled); }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 20px; border: none; }
QComboBox::down-arrow { image: url($down); width: 8px; height: 8px; }
QComboBox::down-arrow:disabled { image: url($down_disabled); }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $outline; outline: none;
  selection-background-color: $sel; selection-color: $text; padding: 2px; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 6px; border: none; }
QComboBox QAbstractItemView::item:selected { background: $sel; color: $text; }

QCheckBox, QRadioButton { color: $text; spacing: 8px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $outline; border-radius: 3px; background: $field; }
QCheckBox::indicator:hover { border-color: $text2; }
QCheckBox::indicator:checked { image: url($check); }
QCheckBox::indicator:focus { border: 1px solid $accent; }
QCheckBox::indicator:disabled { border-color: $line; background: transparent; }
QCheckBox::indicator:checked:disabled { image: url($check_disabled); }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMenuBar { background: $chrome; color: $text; border: none; padding: 0; }
QMenuBar::item { background: transparent; padding: 5px 11px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $sel; }
QMenu { background: $raised; color: $text; border: 1px solid $outline; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 3px; }
QMenu::item:selected { background: $sel; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QMenu::icon { padding-left: 6px; }
QMenu::right-arrow { image: url($right); width: 12px; height: 12px; margin-right: 6px; }
QMenu::indicator:checked { image: url($check); width: 14px; height: 14px; }

QStatusBar, QToolBar { background: $chrome; border: none; spacing: 0; padding: 0; }
QStatusBar::item { border: none; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 9px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 9px; margin: 0; }
QScrollBar::handle { background: $press; border-radius: 2px; margin: 2px; }
QScrollBar::handle:hover { background: $outline; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QHeaderView::section { background: $chrome; color: $text2; border: none; border-bottom: 1px solid $line;
  padding: 0 8px; }
QTableView, QListView, QTreeView { background: $chrome; color: $text; border: none; outline: none;
  gridline-color: $line; selection-background-color: $sel; selection-color: $text; }
QProgressBar { background: $sel; border: none; border-radius: 2px; max-height: 4px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
"""

"""The look: contrast, neutral greys, icons, figures of one width, and following the system."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPalette
from PySide6.QtWidgets import QApplication

import workbench.ui
from workbench.kernels.transfer import srgb_to_linear
from workbench.model.resources import resource
from workbench.ui.controls import TextButton
from workbench.ui.icons import all_icons, draw
from workbench.ui.theme import Theme, make_palette
from workbench.ui.tokens import DARK, LIGHT, Tokens

RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)
GREYS = ("canvas", "chrome", "raised", "field", "hover", "sel", "press", "line", "outline", "text", "text2", "text3")

# What stands on what, and the contrast it needs: 4.5 for text, 3 for borders and large signs.
PAIRS = [
    ("text", "chrome", 4.5),
    ("text", "raised", 4.5),
    ("text", "field", 4.5),
    ("text", "sel", 4.5),
    ("text", "hover", 4.5),
    ("text", "press", 4.5),
    ("text2", "chrome", 4.5),
    ("text2", "raised", 4.5),
    ("text2", "hover", 4.5),
    ("text3", "chrome", 4.5),
    ("text3", "raised", 4.5),
    ("text3", "sel", 4.5),
    ("outline", "chrome", 3.0),
    ("accent", "chrome", 4.5),
    ("accent", "sel", 3.0),
    ("onaccent", "accentfill", 4.5),
    ("warn", "chrome", 4.5),
    ("err", "chrome", 4.5),
    ("err", "errbg", 4.5),
    ("text", "errbg", 4.5),
    ("disabled", "chrome", 3.0),
]


def luminance(colour: str) -> float:
    red, green, blue = (float(srgb_to_linear(int(colour[k : k + 2], 16) / 255)) for k in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS, ids=lambda one: str(one))
def test_what_is_written_can_be_read(tokens: Tokens, ink: str, ground: str, least: float) -> None:
    first, second = sorted((luminance(getattr(tokens, ink)), luminance(getattr(tokens, ground))))

    assert (second + 0.05) / (first + 0.05) >= least


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("name", GREYS)
def test_greys_are_neutral_so_that_no_cast_adds_to_a_picture(tokens: Tokens, name: str) -> None:
    colour = getattr(tokens, name)

    assert colour[1:3] == colour[3:5] == colour[5:7]


def test_no_colour_of_the_interface_is_written_down_outside_the_tokens() -> None:
    folder = Path(workbench.ui.__file__).parent
    found = [
        f"{path.name}: {word}"
        for path in folder.rglob("*.py")
        if path.name != "tokens.py"
        for word in re.findall(r"[\"']#[0-9A-Fa-f]{6}[\"']", path.read_text(encoding="utf-8"))
        if word[1:-1].upper() in {getattr(t, name).upper() for t in (DARK, LIGHT) for name in Tokens.__slots__}
    ]

    assert found == []


def test_the_palette_has_disabled_text_and_the_accent() -> None:
    palette = make_palette(LIGHT)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText).name().upper()
    accent = palette.color(QPalette.ColorRole.Accent).name().upper()

    assert (disabled, accent) == (LIGHT.disabled, LIGHT.accent)


@pytest.mark.parametrize("name", sorted(path.stem for path in resource("icons").glob("*.svg")))
def test_icons_are_line_drawings_of_one_colour_in_a_box_of_sixteen(name: str) -> None:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")

    assert 'viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round"' in text


@pytest.mark.parametrize("ratio", RATIOS)
def test_icons_are_drawn_at_the_size_of_the_device(qapp: QApplication, ratio: float) -> None:
    picture = draw("warn", DARK.warn, 16, ratio)

    assert (picture.width(), picture.deviceIndependentSize().width()) == (round(16 * ratio), pytest.approx(16))


@pytest.mark.parametrize("ratio", RATIOS)
def test_an_icon_has_as_many_pixels_as_its_screen_and_another_colour_where_it_is_disabled(
    qapp: QApplication, ratio: float
) -> None:
    icon = QIcon(Theme("dark").icon("warn", "warn"))
    plain, disabled = (icon.pixmap(QSize(16, 16), ratio, mode) for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled))

    assert plain.width() == disabled.width() == round(16 * ratio)
    assert plain.toImage() == draw("warn", DARK.warn, 16, ratio).toImage()
    assert disabled.toImage() == draw("warn", DARK.disabled, 16, ratio).toImage()


def test_every_icon_leaves_a_mark(qapp: QApplication) -> None:
    def marks(name: str) -> int:
        image = draw(name, DARK.text, 16, 1.0).toImage()
        return sum(image.pixelColor(x, y).alpha() > 100 for x in range(16) for y in range(16))

    assert [name for name in all_icons() if marks(name) < 3] == []


@pytest.mark.parametrize("weight", [400, 500, 600])
def test_figures_are_of_one_width_so_that_numbers_do_not_dance(theme: Theme, weight: int) -> None:
    metrics = QFontMetrics(theme.font(12, weight))

    assert metrics.horizontalAdvance("0.1111") == metrics.horizontalAdvance("0.8888")


def test_the_shipped_fonts_are_used(theme: Theme) -> None:
    assert (theme.font().family(), theme.font(11, mono=True).family()) == ("Inter", "JetBrains Mono")


def test_no_font_is_smaller_than_ten_pixels(theme: Theme) -> None:
    assert theme.font(7).pixelSize() == 10


def test_another_mode_dresses_the_application_and_says_so(theme: Theme, qapp: QApplication) -> None:
    heard = []
    theme.changed.connect(lambda: heard.append(theme.name))
    theme.set_mode("light")
    window = qapp.palette().color(QPalette.ColorRole.Window).name().upper()
    theme.set_mode("dark")

    assert (heard, window) == (["light", "dark"], LIGHT.chrome)


def test_icons_on_buttons_change_with_the_theme(theme: Theme, qtbot) -> None:
    button = TextButton("Copy", icon="copy")
    qtbot.addWidget(button)
    before = button.icon().pixmap(16).toImage()
    theme.set_mode("light")
    after = button.icon().pixmap(16).toImage()
    theme.set_mode("dark")

    assert before != after


def test_the_system_is_followed_while_the_window_is_open(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = Theme("system")
    before = theme.name
    monkeypatch.setattr("workbench.ui.theme.system_scheme", lambda: Qt.ColorScheme.Light)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)

    assert (before, theme.name) == ("dark", "light")


def test_a_theme_chosen_by_hand_does_not_follow(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = Theme("dark")
    monkeypatch.setattr("workbench.ui.theme.system_scheme", lambda: Qt.ColorScheme.Light)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)

    assert theme.name == "dark"


def test_back_to_the_system_takes_what_it_says_now(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    theme = Theme("dark")
    monkeypatch.setattr("workbench.ui.theme.system_scheme", lambda: Qt.ColorScheme.Light)
    theme.set_mode("system")

    assert theme.name == "light"

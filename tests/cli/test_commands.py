"""The command line: the article's numbers, exact files, one sentence for every mistake."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from workbench import cli
from workbench.kernels.registry import all_methods, from_text
from workbench.model.document import Comparison, Slot
from workbench.model.files import save_session
from workbench.model.image_saving import save_image
from workbench.model.images import open_image
from workbench.model.samples import array_source

RAMP = "[[1,2,4],[3,7,5]]"


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]):
    """Runs a command; gives what it printed, and demands that it succeeded."""

    def run(*words: str) -> str:
        status = cli.main(words)
        printed = capsys.readouterr()
        assert (status, printed.err) == (0, "")
        return printed.out

    return run


@pytest.fixture
def complaint(capsys: pytest.CaptureFixture[str]):
    """Runs a command that has to fail; gives its one line on stderr."""

    def run(*words: str) -> str:
        try:
            status = cli.main(words)
        except SystemExit as stop:
            status = stop.code
        printed = capsys.readouterr()
        assert (status, printed.out, printed.err.count("\n")) == (2, "", 1)
        return printed.err.removeprefix("error: ").rstrip()

    return run


ARTICLE = (
    (
        "convolution:kernel=article,stride=1,padding=0",
        "[[4,5,8,7],[1,8,8,8],[3,6,6,4],[6,5,7,8]]",
        [[122, 148], [126, 134]],
    ),
    (
        "transposed_conv:kernel=article,stride=1,padding=0",
        "[[2,1],[4,4]]",
        [[2, 9, 6, 1], [6, 29, 30, 7], [10, 29, 33, 13], [12, 24, 16, 4]],
    ),
    (
        "max_pool",
        "[[0.1,0.8,0.3,0.2],[0.4,0.5,0.6,0.9],[0.7,0.2,0.1,0.3],[0.6,0.3,0.4,0.5]]",
        [[0.8, 0.9], [0.7, 0.5]],
    ),
    (
        "max_unpool:indices=[[1,7],[8,15]],plane=4x4",
        "[[1.3,0.4],[0.2,0.9]]",
        [[0, 1.3, 0, 0], [0, 0, 0, 0.4], [0.2, 0, 0, 0], [0, 0, 0, 0.9]],
    ),
    ("average_unpool", "[[1,2],[3,4]]", [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]),
    (
        "nearest:size=4x4,grid=asymmetric,tie=up",
        "[[234,38,22],[67,44,12],[89,65,63]]",
        [[234, 38, 22, 22], [67, 44, 12, 12], [89, 65, 63, 63], [89, 65, 63, 63]],
    ),
    (
        "bilinear:size=4x4,grid=align_corners",
        "[[4,6],[10,8]]",
        [[4, 14 / 3, 16 / 3, 6], [6, 56 / 9, 58 / 9, 20 / 3], [8, 70 / 9, 68 / 9, 22 / 3], [10, 28 / 3, 26 / 3, 8]],
    ),
)


@pytest.mark.parametrize(("method", "image", "expected"), ARTICLE, ids=[row[0].split(":")[0] for row in ARTICLE])
def test_explain_gives_every_number_of_the_article_as_a_sum_of_its_terms(
    method: str, image: str, expected: list[list[float]], answer
) -> None:
    for (i, j), value in np.ndenumerate(np.array(expected)):
        told = json.loads(answer("explain", method, image, "--pixel", f"{i},{j}", "--json"))
        assert told["pixel"] == [i, j]
        assert told["value"] == pytest.approx(value, abs=1e-12)
        assert sum(term["weight"] * term["value"] for term in told["terms"]) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(("method", "image", "expected"), ARTICLE, ids=[row[0].split(":")[0] for row in ARTICLE])
def test_apply_writes_the_numbers_of_the_article(
    method: str, image: str, expected: list[list[float]], answer, tmp_path: Path
) -> None:
    answer("apply", image, "--method", method, "-o", str(tmp_path / "out.npy"))
    assert np.load(tmp_path / "out.npy") == pytest.approx(np.array(expected), abs=1e-12)


def test_explain_for_people_shows_weight_value_and_sum(answer) -> None:
    text = answer("explain", "bilinear:size=4x4,grid=align_corners", "[[4,6],[10,8]]", "--pixel", "1,2")
    assert "(0, 1)  0.444444        6    2.66667     2.66667" in text
    assert "value 6.44444 · row sum 1 · adds up" in text


def test_explain_traces_one_channel_of_a_colour_picture(answer) -> None:
    image = "[[[0.5,0.25,1],[0,0,0]]]"
    told = json.loads(answer("explain", "nearest", image, "--pixel", "1,1", "--channel", "G", "--json"))
    assert (told["channel"], told["value"]) == ("G", 0.25)


def test_explain_reaches_max_unpooling_through_a_preparation(answer) -> None:
    words = ("explain", "max_unpool", "[[1,9,2,3],[0,4,8,1]]", "--prepare", "max_pool:2", "--pixel", "1,2", "--json")
    assert json.loads(answer(*words))["value"] == 8


def test_a_picture_file_that_was_applied_is_exact_to_its_bits(answer, tmp_path: Path) -> None:
    save_image(tmp_path / "in.png", np.array([[0, 51, 255], [102, 204, 153]]) / 255)
    said = answer("apply", str(tmp_path / "in.png"), "--method", "nearest:2", "-o", str(tmp_path / "out.png"))
    assert "4×6, 8-bit, 0 samples clipped" in said
    assert np.array_equal(open_image(tmp_path / "out.png").pixels[::2, ::2], [[0, 51, 255], [102, 204, 153]])


def test_what_an_integer_file_cannot_hold_is_counted(answer, tmp_path: Path) -> None:
    image = "[[0,1],[1,0],[0.5,0.5]]"
    said = answer(
        "apply", image, "--method", "transposed_conv:kernel=3,stride=1,padding=1", "-o", str(tmp_path / "o.png")
    )
    assert "6 samples clipped" in said


def test_metrics_of_identical_outputs_are_infinite_and_zero(answer) -> None:
    words = ("metrics", RAMP, "--method", "nearest", "--method", "average_unpool", "--reference", "1", "--json")
    rows = json.loads(answer(*words))
    assert [(row["method"], row["psnr"], row["mse"]) for row in rows] == [("average_unpool", "inf", 0.0)]


def test_metrics_as_csv_have_one_line_for_each_method(answer) -> None:
    text = answer(
        "metrics",
        "chart:zone_plate:24x36",
        "--method",
        "nearest",
        "--method",
        "bilinear",
        "--prepare",
        "down:2",
        "--csv",
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in rows] == ["Nearest", "Bilinear"]
    assert float(rows[0]["psnr"]) > 0


def test_a_figure_is_written_with_what_belongs_to_it(answer, tmp_path: Path) -> None:
    target = str(tmp_path / "out.pdf")
    words = (
        "--method",
        "nearest",
        "--prepare",
        "down:2",
        "--difference",
        "signed",
        "--region",
        "2,3,4,6",
        "-o",
        target,
    )
    written = answer("figure", "chart:zone_plate:24x36", *words).splitlines()
    assert [Path(line).name for line in written] == ["out.pdf", "out.upsampling.json", "out.txt", "out.csv"]


def test_the_recipe_beside_a_figure_draws_the_same_bytes(answer, tmp_path: Path) -> None:
    first, again = tmp_path / "out.svg", tmp_path / "again.svg"
    words = (
        "--method",
        "bilinear",
        "--prepare",
        "down:2",
        "--difference",
        "absolute",
        "--title",
        "T",
        "-o",
        str(first),
    )
    answer("figure", "chart:zone_plate:24x36", *words)
    answer("figure", str(tmp_path / "out.upsampling.json"), "-o", str(again))
    assert again.read_bytes() == first.read_bytes()


def test_metrics_of_a_session_use_its_methods(answer, tmp_path: Path) -> None:
    slots = (Slot("s1", from_text("nearest")), Slot("s2", from_text("bilinear")))
    save_session(tmp_path / "a.upsampling.json", Comparison(array_source([[1, 2, 3], [4, 5, 9]]), slots=slots))
    rows = json.loads(answer("metrics", str(tmp_path / "a.upsampling.json"), "--reference", "2", "--json"))
    assert [row["name"] for row in rows] == ["Nearest"]


def test_methods_lists_every_method_with_its_fields(answer) -> None:
    told = json.loads(answer("methods", "--json"))
    assert [one["id"] for one in told] == [cls.info.id for cls in all_methods()]
    assert [len(one["fields"]) for one in told] == [len(cls.fields()) for cls in all_methods()]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("explain", "nearest", RAMP, "--pixel", "4,0"), "pixel: must lie in the output, rows 0 … 3 and columns 0 … 5"),
        (("explain", "nearest", RAMP, "--pixel", "x"), "pixel: must be written like 3,5: row, column; not x"),
        (("explain", "nearst", RAMP, "--pixel", "0,0"), "method: no method is called 'nearst'; did you mean nearest?"),
        (("explain", "nearest:scale=65", RAMP, "--pixel", "0,0"), "scale: must be at most 64, not 65"),
        (("explain", "nearest", RAMP, "--pixel", "0,0", "--channel", "G"), "channel: must be one of L, not G"),
        (("explain", "nearest", "none.png", "--pixel", "0,0"), "none.png: there is no such file"),
        (("explain", "nearest", "[[1,2],[3]]", "--pixel", "0,0"), "array: must be a rectangular array of real numbers"),
        (("explain", "nearest", "chart:nix", "--pixel", "0,0"), "nix: there is no such chart; there are "),
        (("metrics", RAMP, "--method", "nearest"), "reference: must be given: the picture was not made smaller"),
        (
            ("metrics", RAMP, "--method", "nearest", "--reference", "2"),
            "reference: must be original or the number of a method, 1 … 1, not 2",
        ),
        (("metrics", RAMP), "method: must be given at least once"),
        (("metrics", RAMP, "--method", "max_pool"), "method: must be one that can be compared, not max_pool; write "),
        (
            ("figure", RAMP, "--method", "nearest", "-o", "out.gif"),
            "figure: the name must end in .png, .pdf, .svg, not out.gif",
        ),
        (
            ("figure", RAMP, "--method", "nearest", "--region", "1,2"),
            "region: must be written like 10,20,64,48: row, column, height, width; not 1,2",
        ),
        (
            ("figure", RAMP, "--method", "nearest", "--region", "0,0,9,9"),
            "region: must lie inside the source of 2×3 pixels",
        ),
        (("apply", RAMP, "--method", "nearest", "-o", "out.xyz"), "out.xyz: the name must end in one of "),
        (("apply", RAMP), "the following arguments are required: --method, -o/--output (see main.py apply --help)"),
        (("frobnicate",), "argument COMMAND: invalid choice: 'frobnicate'"),
    ],
)
def test_a_mistake_is_one_sentence_on_stderr_and_status_2(words: tuple[str, ...], sentence: str, complaint) -> None:
    assert complaint(*words).startswith(sentence)


def test_a_damaged_session_is_one_sentence(complaint, tmp_path: Path) -> None:
    (tmp_path / "a.upsampling.json").write_text("{", encoding="utf-8")
    assert complaint("figure", str(tmp_path / "a.upsampling.json")).startswith("a.upsampling.json: is no session file")


def test_no_command_loads_qt(tmp_path: Path) -> None:
    program = """
import sys
from workbench import cli
for words in (
    ["methods"],
    ["explain", "bilinear", "[[1,2],[3,4]]", "--pixel", "0,1"],
    ["metrics", "[[1,2],[3,4]]", "--method", "nearest", "--method", "bilinear", "--reference", "1"],
    ["figure", "[[1,2],[3,4]]", "--method", "nearest", "-o", sys.argv[1]],
):
    assert cli.main(words) == 0
print([name for name in ("PySide6", "shiboken6", "pyqtgraph", "matplotlib.pyplot") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "out.svg")], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"

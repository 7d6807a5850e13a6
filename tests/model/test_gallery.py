"""Files, folders and patterns become pictures in the order people count."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.model.gallery import Gallery, gather


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("frame10.png", "frame2.png", "Frame1.PNG", "notes.txt", ".hidden.png"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.tif").write_bytes(b"")
    return tmp_path


def names(paths: tuple[Path, ...]) -> list[str]:
    return [path.name for path in paths]


def test_a_folder_gives_its_pictures_as_people_count(folder: Path) -> None:
    assert names(gather([folder])) == ["Frame1.PNG", "frame2.png", "frame10.png"]


def test_patterns_reach_into_folders_and_leave_out_what_is_no_picture(folder: Path) -> None:
    assert names(gather([f"{folder}/frame*"])) == ["frame2.png", "frame10.png"]
    assert names(gather([f"{folder}/**/*.tif"])) == ["a.tif"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called_and_once(folder: Path) -> None:
    odd = folder / "notes.txt"

    assert gather([odd, folder / "frame2.png", odd]) == (odd, folder / "frame2.png")


def test_a_name_with_signs_of_a_pattern_that_exists_is_a_file(folder: Path) -> None:
    (folder / "cat[1].png").write_bytes(b"")

    assert names(gather([f"{folder}/cat[1].png"])) == ["cat[1].png"]


def test_behind_the_last_comes_the_first(folder: Path) -> None:
    gallery = Gallery(gather([folder]), 2)

    assert (gallery.place, gallery.stepped(1).place, gallery.stepped(-1).current) == (
        "3 of 3", "1 of 3", folder / "frame2.png",
    )  # fmt: skip
    assert gallery.at(folder / "notes.txt") == Gallery()
    assert Gallery().stepped(1).current is None

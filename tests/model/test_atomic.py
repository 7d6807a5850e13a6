"""A file is replaced when its successor is complete, and otherwise not touched."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from workbench.model.atomic import atomic_write

posix = pytest.mark.skipif(os.name != "posix", reason="mode bits and links are POSIX")


def test_a_new_file_appears_under_its_name(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")

    assert (tmp_path / "a.txt").read_text() == "new"


def test_the_temporary_file_has_the_same_folder_and_suffix(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "a.png") as temporary:
        assert (temporary.parent, temporary.suffix) == (tmp_path.resolve(), ".png")


def test_until_the_end_the_old_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    with atomic_write(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")

        assert (tmp_path / "a.txt").read_text() == "old"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_keeps_the_old_file_and_leaves_nothing_behind(tmp_path: Path, error: type[BaseException]) -> None:
    (tmp_path / "a.txt").write_text("old")

    def write() -> None:
        with atomic_write(tmp_path / "a.txt") as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(error):
        write()

    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "old")]


def test_a_check_that_fails_keeps_the_old_file_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")

    def check(temporary: Path) -> None:
        assert temporary.read_text() == "new"
        raise ValueError("not what was meant")

    with (
        pytest.raises(ValueError, match="not what was meant"),
        atomic_write(tmp_path / "a.txt", check) as temporary,
    ):
        temporary.write_text("new")

    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "old")]


@posix
def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
    import resource

    (tmp_path / "a.bin").write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError), atomic_write(tmp_path / "a.bin") as temporary:
            temporary.write_bytes(bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.bin", b"old")]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_the_mode_bits_of_the_old_file_are_kept(tmp_path: Path, mode: int) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "a.txt").chmod(mode)
    with atomic_write(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")

    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == mode


@posix
def test_a_new_file_has_the_mode_bits_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual.txt").touch()
    with atomic_write(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")

    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "usual.txt").stat().st_mode


@posix
def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("elsewhere/real.txt")
    with atomic_write(tmp_path / "link.txt") as temporary:
        temporary.write_text("new")

    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "elsewhere" / "real.txt").read_text() == "new"


def test_a_writer_may_replace_the_temporary_file(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "a.txt") as temporary:
        temporary.unlink()
        temporary.write_text("new")

    assert (tmp_path / "a.txt").read_text() == "new"


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_write(tmp_path / "none" / "a.txt"):
        pass

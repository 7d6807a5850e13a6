"""Whatever is wrong with a file ends as one sentence, and a decoder that dies or hangs takes nothing with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.image_files import noise, png_bytes, write_oiio
from workbench.kernels.errors import ImageOpenError
from workbench.model import decoder, images
from workbench.model.images import open_image, open_image_bytes


def sentence(path: Path) -> str:
    with pytest.raises(ImageOpenError) as caught:
        open_image(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert sentence(tmp_path / "none.png") == "none.png: there is no such file"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert sentence(tmp_path) == f"{tmp_path.name}: is a folder, not an image file"


def test_an_empty_file_says_its_size(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()

    assert sentence(tmp_path / "a.png") == "a.png: the file is empty (0 bytes)"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert sentence(tmp_path / "pipe") == "pipe: is a device or pipe, not an image file"


def test_a_forbidden_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_bytes(png_bytes(noise(2, 3), 8, 0))

    def forbidden(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)

    assert sentence(tmp_path / "a.png") == "a.png: may not be read: permission denied"


def test_text_is_not_an_image_and_its_first_bytes_are_shown(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("hello world")

    assert sentence(tmp_path / "a.png") == (
        "a.png: is not an image: no known format begins with the bytes 68 65 6c 6c 6f 20 77 6f"
    )


@pytest.mark.parametrize(("data", "kind"), [(b"%PDF-1.7\n", "PDF"), (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC")])
def test_a_known_kind_without_a_reader_is_refused_by_name(tmp_path: Path, data: bytes, kind: str) -> None:
    (tmp_path / "a").write_bytes(data)

    assert sentence(tmp_path / "a") == f"a: is {kind}, which is not supported; convert it to PNG or TIFF"


def test_a_damaged_header_is_said_without_the_path(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"RIFF\x28\0\0\0WEBP" + bytes(40))

    assert sentence(tmp_path / "a.bin").endswith("it begins like WEBP, but its header is damaged")


def test_a_chunk_without_a_readable_name_is_shown_in_hex(tmp_path: Path) -> None:
    whole = png_bytes(noise(2, 3), 8, 0)
    (tmp_path / "a.png").write_bytes(whole[:33] + b"\x7f\0\0\0\0\x1b\x07\n" + whole[33:])

    assert "chunk 00 1b 07 0a ends at byte" in sentence(tmp_path / "a.png")


@pytest.mark.parametrize("error", [ZeroDivisionError("division by zero"), MemoryError(), AssertionError()])
def test_whatever_a_reader_raises_becomes_one_kind_of_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    (tmp_path / "a.png").write_bytes(png_bytes(noise(2, 3), 8, 0))

    def broken(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(images, "decode", broken)
    with pytest.raises(ImageOpenError) as caught:
        open_image(tmp_path / "a.png")

    assert caught.value.__cause__ is error


GOOD = (
    png_bytes(noise(6, 5, 3), 8, 2),
    png_bytes(noise(6, 5), 16, 0, interlaced=True),
    b"P5\n5 6\n255\n" + noise(6, 5).tobytes(),
    b"Pf\n5 6\n-1\n" + noise(6, 5, dtype="float32").tobytes(),
)


@given(st.sampled_from(GOOD), st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_a_source_or_one_kind_of_error(data: bytes, at: int, patch: bytes) -> None:
    at %= len(data)
    try:
        source = open_image_bytes(data[:at] + patch + data[at + len(patch) :], "mutant")
    except ImageOpenError:
        return

    assert source.reader


# The process of its own


def exr(folder: Path) -> tuple[Path, np.ndarray]:
    stored = noise(4, 6, 3, dtype="float32")
    return write_oiio(folder / "a.exr", stored, "float"), stored


def test_a_rare_format_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path, stored = exr(tmp_path)
    source = open_image(path)

    assert source.reader.startswith("OpenImageIO")
    assert "read without a separate process" not in source.badges
    np.testing.assert_array_equal(source.pixels, stored)


def test_a_refusal_in_the_process_comes_back_as_the_same_sentence(tmp_path: Path) -> None:
    (tmp_path / "cut.tif").write_bytes(b"II*\0\x08\0\0\0")

    assert sentence(tmp_path / "cut.tif").startswith("cut.tif: OpenImageIO")


def test_a_process_that_cannot_start_is_done_without_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, stored = exr(tmp_path)
    monkeypatch.setattr(decoder, "_command", lambda: [str(tmp_path / "no such program")])
    source = open_image(path)

    assert "read without a separate process" in source.badges
    np.testing.assert_array_equal(source.pixels, stored)


def child(monkeypatch: pytest.MonkeyPatch, last_words: str) -> None:
    code = f"import os, pathlib, sys, time; pathlib.Path(sys.argv[3], 'started').touch(); {last_words}"
    monkeypatch.setattr(decoder, "_command", lambda: [sys.executable, "-I", "-S", "-c", code])


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_decoder_that_dies_takes_nobody_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _stored = exr(tmp_path)
    child(monkeypatch, "os.kill(os.getpid(), 11)")

    assert sentence(path) == "a.exr: the decoder of this format died (signal 11)"


def test_a_decoder_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _stored = exr(tmp_path)
    monkeypatch.setattr(decoder, "TIMEOUT", 0.5)
    child(monkeypatch, "time.sleep(60)")

    assert sentence(path) == "a.exr: the decoder gave no answer within 0.5 s"


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is kept by Linux")
def test_a_decoder_gets_no_more_memory_than_the_picture_needs(tmp_path: Path) -> None:
    code = (
        "from workbench.model import decoder; import numpy\n"
        "decoder._bound_memory(0)\n"
        "try:\n    numpy.ones(2**28)\n"
        "except MemoryError:\n    print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "refused\n"


def test_importing_the_door_loads_no_library() -> None:
    code = "import workbench.model.samples, sys; print({'OpenImageIO', 'PIL', 'scipy.signal'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"

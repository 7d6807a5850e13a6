"""What is saved reads back as what was meant, to the bit; what cannot be meant is refused with a number."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import OpenImageIO as oiio
import pytest

from tests.model.image_files import noise
from workbench.kernels.errors import ImageSaveError
from workbench.model import image_saving, images
from workbench.model.image_saving import save_image
from workbench.model.images import open_image
from workbench.model.readers.dispatch import decode


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "decode_apart", lambda path, kind: decode(path, kind, lambda _bytes: None))


@pytest.mark.parametrize("shape", [(4, 7), (4, 7, 1), (4, 7, 2), (4, 7, 3), (4, 7, 4)])
@pytest.mark.parametrize(("suffix", "depth"), [(".png", 8), (".png", 16), (".tif", 8), (".tiff", 16)])
def test_integers_read_back_as_the_rounded_values(
    tmp_path: Path, suffix: str, depth: int, shape: tuple[int, ...]
) -> None:
    values = noise(*shape, dtype="float64")
    report = save_image(tmp_path / f"a{suffix}", values, depth=depth)
    source = open_image(tmp_path / f"a{suffix}")

    expected = np.floor(values * (2**depth - 1) + 0.5)
    assert (report.depth, report.clipped) == (f"{depth}-bit", 0)
    np.testing.assert_array_equal(source.pixels, expected[..., 0] if shape[2:] == (1,) else expected)


def test_a_png_of_eight_bits_gives_back_what_was_opened(tmp_path: Path) -> None:
    stored = noise(5, 9, 4)
    save_image(tmp_path / "a.png", stored / 255)

    np.testing.assert_array_equal(open_image(tmp_path / "a.png").pixels, stored)


@pytest.mark.parametrize(("suffix", "depth"), [(".tif", 32), (".exr", 32), (".npy", 32)])
@pytest.mark.parametrize("channels", [1, 3])
def test_floats_of_thirty_two_bits_are_kept_exactly(tmp_path: Path, suffix: str, depth: int, channels: int) -> None:
    values = noise(4, 7, channels, dtype="float32") * 9 - 4
    save_image(tmp_path / f"a{suffix}", values, depth=depth)

    source = open_image(tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(source.pixels, values[..., 0] if channels == 1 else values)


def test_npy_keeps_double_precision_and_numbers_that_are_not_finite(tmp_path: Path) -> None:
    values = noise(4, 7, 3, dtype="float64")
    values[1, 2, 0] = np.nan
    report = save_image(tmp_path / "a.npy", values)

    assert report.depth == "64-bit float"
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), values)


def test_half_floats_are_rounded_once(tmp_path: Path) -> None:
    values = noise(4, 7, 3, dtype="float64")
    save_image(tmp_path / "a.exr", values, depth=16)

    np.testing.assert_array_equal(open_image(tmp_path / "a.exr").pixels, values.astype(np.float16))


def test_the_colours_of_an_exr_are_multiplied_by_their_alpha(tmp_path: Path) -> None:
    values = noise(4, 7, 4, dtype="float32")
    save_image(tmp_path / "a.exr", values)
    source = open_image(tmp_path / "a.exr")

    assert source.alpha == "associated"
    np.testing.assert_array_equal(source.pixels[..., :3], values[..., :3] * values[..., 3:])


def test_tiff_says_that_its_alpha_is_straight(tmp_path: Path) -> None:
    save_image(tmp_path / "a.tif", noise(4, 7, 4, dtype="float64"), depth=16)

    assert open_image(tmp_path / "a.tif").alpha == "straight"


def test_samples_outside_the_range_are_clipped_and_counted(tmp_path: Path) -> None:
    values = np.full((3, 5), 0.5)
    values[0, 1], values[2, 3], values[1, 4] = -0.2, 1.5, 1.0 + 1e-12
    report = save_image(tmp_path / "a.png", values)

    assert report.clipped == 2
    assert open_image(tmp_path / "a.png").pixels[[0, 2, 1], [1, 3, 4]].tolist() == [0, 255, 255]


def test_integers_refuse_numbers_that_are_not_finite_and_count_them(tmp_path: Path) -> None:
    values = np.full((3, 5), 0.5)
    values[0, 1], values[2, 3] = np.nan, np.inf

    with pytest.raises(ImageSaveError, match="integers hold no NaN or infinity, and 2 samples are one"):
        save_image(tmp_path / "a.png", values)


def test_floats_keep_numbers_that_are_not_finite(tmp_path: Path) -> None:
    values = np.full((3, 5), 0.5, np.float32)
    values[0, 1], values[2, 3] = np.nan, np.inf
    save_image(tmp_path / "a.tif", values)

    np.testing.assert_array_equal(open_image(tmp_path / "a.tif").pixels, values)


def test_numbers_beyond_half_floats_are_refused_and_counted(tmp_path: Path) -> None:
    values = np.array([[1.0, 70000.0, 2.0]])

    with pytest.raises(ImageSaveError, match="1 samples are beyond 65504, the most float16 holds"):
        save_image(tmp_path / "a.exr", values, depth=16)


@pytest.mark.parametrize(
    ("name", "depth", "sentence"),
    [
        ("a.gif", None, r"the name must end in one of \.png, \.tif, \.tiff, \.exr, \.npy, not “\.gif”"),
        ("a.png", 32, r"depth must be 8 or 16 for \.png, not 32"),
        ("a.tif", 12, r"depth must be 8 or 16 or 32 for \.tif, not 12"),
        ("none/a.png", None, "could not be written: No such file or directory"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_sentence(tmp_path: Path, name: str, depth: int | None, sentence: str) -> None:
    with pytest.raises(ImageSaveError, match=sentence):
        save_image(tmp_path / name, np.zeros((2, 3)), depth=depth)


def test_five_channels_are_no_picture(tmp_path: Path) -> None:
    with pytest.raises(ImageSaveError, match="a picture has 1 to 4 channels, not 5"):
        save_image(tmp_path / "a.png", np.zeros((2, 3, 5)))


@pytest.mark.parametrize("suffix", [".png", ".tif", ".exr", ".npy"])
def test_the_same_picture_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    values = noise(4, 7, 3, dtype="float32")
    for name in ("a", "b"):
        save_image(tmp_path / f"{name}{suffix}", values)

    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", [".png", ".tif", ".exr"])
def test_the_description_is_kept(tmp_path: Path, suffix: str) -> None:
    save_image(tmp_path / f"a{suffix}", noise(4, 7, 3, dtype="float32"), description="bicubic ×4")

    opened = oiio.ImageInput.open(str(tmp_path / f"a{suffix}"))
    assert opened.spec().get_string_attribute("ImageDescription") == "bicubic ×4"


@pytest.mark.parametrize("suffix", [".png", ".tif", ".exr", ".npy"])
@pytest.mark.skipif(os.name != "posix", reason="the limit is POSIX")
def test_a_disk_that_fills_up_keeps_the_old_file(
    tmp_path: Path, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    import resource

    file = tmp_path / f"a{suffix}"
    file.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))
    try:
        with pytest.raises(ImageSaveError):
            save_image(file, noise(60, 50, 3, dtype="float64"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    capfd.readouterr()

    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [(file.name, b"old")]


def test_a_writer_that_writes_something_else_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = image_saving._write

    def wrong(path: Path, temporary: Path, writer: str, stored: np.ndarray, description: str) -> None:
        right(path, temporary, writer, stored[::-1], description)

    monkeypatch.setattr(image_saving, "_write", wrong)

    with pytest.raises(ImageSaveError, match="does not read back as what was meant"):
        save_image(tmp_path / "a.png", noise(4, 7, dtype="float64"))

    assert not list(tmp_path.iterdir())

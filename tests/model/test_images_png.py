"""PNG: every depth and colour type arrives as stored, and what had to be expanded or assumed is said."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.model.image_files import chunk, exif, noise, png_bytes
from workbench.kernels.errors import ImageOpenError
from workbench.model.images import open_image, open_image_bytes

GREY = noise(3, 5)
ROLES = {0: ("L",), 2: ("R", "G", "B"), 4: ("L", "A"), 6: ("R", "G", "B", "A")}


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize(("colour", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_every_colour_type_of_eight_and_sixteen_bits_arrives_as_stored(
    tmp_path: Path, depth: int, colour: int, channels: int, interlaced: bool
) -> None:
    stored = noise(7, 11, channels, dtype=f"uint{depth}")
    file = write(tmp_path / "a.png", png_bytes(stored, depth, colour, interlaced=interlaced))

    source = open_image(file)

    assert source.pixels.dtype == stored.dtype
    assert source.channel_names == ROLES[colour]
    assert source.nominal == (0, 2**depth - 1)
    assert source.depth == f"{depth}-bit"
    np.testing.assert_array_equal(source.pixels, stored[..., 0] if channels == 1 else stored)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_grey_below_eight_bits_is_expanded_exactly_and_says_so(tmp_path: Path, depth: int) -> None:
    stored = noise(5, 7) % 2**depth
    source = open_image(write(tmp_path / "a.png", png_bytes(stored, depth, 0)))

    assert source.depth == f"{depth}-bit"
    assert f"expanded from {depth} to 8 bits" in source.badges
    np.testing.assert_array_equal(source.values(), stored / (2**depth - 1))


def test_a_palette_is_expanded_with_its_transparency_and_says_so(tmp_path: Path) -> None:
    palette = (b"PLTE", bytes([10, 20, 30, 40, 50, 60]))
    data = png_bytes(np.array([[0, 1, 1]]), 2, 3, palette, (b"tRNS", b"\x80"))
    source = open_image(write(tmp_path / "a.png", data))

    assert "palette expanded" in source.badges
    assert source.depth == "8-bit"
    np.testing.assert_array_equal(source.pixels[0, :2], [[10, 20, 30, 128], [40, 50, 60, 255]])


def test_a_transparent_colour_becomes_alpha_and_says_so(tmp_path: Path) -> None:
    source = open_image(write(tmp_path / "a.png", png_bytes(np.array([[1, 2, 3]]), 8, 0, (b"tRNS", b"\0\2"))))

    assert "transparent colour made alpha" in source.badges
    np.testing.assert_array_equal(source.pixels[0], [[1, 255], [2, 0], [3, 255]])


def test_straight_alpha_is_not_multiplied_into_the_colours(tmp_path: Path) -> None:
    stored = np.tile(np.array([200, 100, 50, 128], np.uint8), (2, 3, 1))
    source = open_image(write(tmp_path / "a.png", png_bytes(stored, 8, 6)))

    assert source.alpha == "straight"
    np.testing.assert_array_equal(source.pixels, stored)


def test_an_untagged_file_says_that_srgb_is_assumed(tmp_path: Path) -> None:
    source = open_image(write(tmp_path / "a.png", png_bytes(GREY, 8, 0)))

    assert source.transfer == "srgb"
    assert source.badges == ("sRGB assumed",)


def test_a_tagged_file_has_nothing_to_say(tmp_path: Path) -> None:
    source = open_image(write(tmp_path / "a.png", png_bytes(GREY, 8, 0, (b"sRGB", b"\0"))))

    assert source.transfer == "srgb"
    assert source.badges == ()


@pytest.mark.parametrize(
    ("gamma", "transfer", "badge"),
    [
        (100000, "linear", ()),
        (45455, "srgb", ("sRGB assumed",)),
        (55555, "unknown", ("gamma 1.80 not applied",)),
    ],
)
def test_the_gamma_chunk_decides_how_numbers_relate_to_light(
    tmp_path: Path, gamma: int, transfer: str, badge: tuple[str, ...]
) -> None:
    data = png_bytes(GREY, 8, 0, (b"gAMA", struct.pack(">I", gamma)))
    source = open_image(write(tmp_path / "a.png", data))

    assert (source.transfer, source.badges) == (transfer, badge)


def test_a_foreign_colour_profile_is_kept_and_not_applied(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = srgb.replace("sRGB".encode("utf-16-be"), "Wide".encode("utf-16-be"))
    stored = noise(4, 6, 3)
    Image.fromarray(stored).save(tmp_path / "a.png", icc_profile=profile)

    source = open_image(tmp_path / "a.png")

    assert source.icc == profile
    assert source.badges == ("profile “Wide built-in” not applied",)
    np.testing.assert_array_equal(source.pixels, stored)


def test_an_animation_shows_its_first_frame_and_counts_the_others(tmp_path: Path) -> None:
    first, second = Image.fromarray(noise(4, 6, 3)), Image.fromarray(noise(4, 6, 3, seed=4))
    first.save(tmp_path / "a.png", save_all=True, append_images=[second, first])

    source = open_image(tmp_path / "a.png")

    assert "frame 1 of 3" in source.badges
    np.testing.assert_array_equal(source.pixels, np.asarray(first))


UPRIGHT = {
    1: [[1, 2, 3], [4, 5, 6]],
    2: [[3, 2, 1], [6, 5, 4]],
    3: [[6, 5, 4], [3, 2, 1]],
    4: [[4, 5, 6], [1, 2, 3]],
    5: [[1, 4], [2, 5], [3, 6]],
    6: [[4, 1], [5, 2], [6, 3]],
    7: [[6, 3], [5, 2], [4, 1]],
    8: [[3, 6], [2, 5], [1, 4]],
}


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_each_of_the_eight_orientations_is_turned_upright(tmp_path: Path, orientation: int) -> None:
    data = png_bytes(np.array([[1, 2, 3], [4, 5, 6]]), 8, 0, (b"eXIf", exif(orientation)))
    source = open_image(write(tmp_path / "a.png", data))

    np.testing.assert_array_equal(source.pixels, UPRIGHT[orientation])
    assert any("upright" in badge for badge in source.badges) == (orientation != 1)


def test_orientation_can_be_switched_off_to_keep_the_sampling_grid(tmp_path: Path) -> None:
    data = png_bytes(np.array([[1, 2, 3], [4, 5, 6]]), 8, 0, (b"eXIf", exif(6)))
    source = open_image(write(tmp_path / "a.png", data), orient=False)

    np.testing.assert_array_equal(source.pixels, [[1, 2, 3], [4, 5, 6]])
    assert "orientation 6 not applied" in source.badges


@pytest.mark.parametrize("name", ["picture.jpg", "picture.txt", "picture", "picture.null", "a?b%04d#1.png"])
def test_the_content_decides_and_not_the_name(tmp_path: Path, name: str) -> None:
    source = open_image(write(tmp_path / name, png_bytes(GREY, 8, 0)))

    np.testing.assert_array_equal(source.pixels, GREY)


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.99])
def test_a_truncated_file_is_refused_as_cut_short(tmp_path: Path, keep: float) -> None:
    data = png_bytes(noise(40, 30, 3), 8, 2)
    file = write(tmp_path / "cut.png", data[: int(len(data) * keep)])

    with pytest.raises(ImageOpenError, match=r"^cut\.png: the file is cut short: chunk"):
        open_image(file)


def test_a_file_without_its_last_chunk_is_refused_as_cut_short(tmp_path: Path) -> None:
    file = write(tmp_path / "cut.png", png_bytes(GREY, 8, 0)[:-12])

    with pytest.raises(ImageOpenError, match="its last chunk, IEND, is missing"):
        open_image(file)


def test_a_giant_is_refused_from_its_header_with_its_size_and_the_limit(tmp_path: Path) -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    file = write(tmp_path / "huge.png", b"\x89PNG\r\n\x1a\n" + header)

    with pytest.raises(ImageOpenError) as caught:
        open_image(file)

    assert str(caught.value) == "huge.png: 60000 × 60000 pixels are 3600 Mpx; at most 256 Mpx are read"


def test_a_pasted_picture_carries_its_bytes_and_no_path() -> None:
    source = open_image_bytes(png_bytes(GREY, 8, 0), "Pasted 1")

    assert (source.name, source.path) == ("Pasted 1", None)
    assert source.origin["data"]
    np.testing.assert_array_equal(source.pixels, GREY)


def test_a_pasted_picture_that_is_none_fails_under_its_own_name() -> None:
    with pytest.raises(ImageOpenError, match=r"^Pasted 1: the file is empty"):
        open_image_bytes(b"", "Pasted 1")

"""NPY, NPZ, PNM and PFM: integers, maxval and floats arrive untouched, byte order and row order put right."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.model.image_files import noise
from workbench.kernels.errors import ImageOpenError
from workbench.model.images import open_image


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def npy(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path


# NPY


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float16", "float32", "float64", ">f4", "<u2", ">u2"])
@pytest.mark.parametrize("shape", [(4, 7), (4, 7, 3)])
def test_an_array_arrives_as_stored(tmp_path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    stored = noise(*shape, dtype=dtype)
    source = open_image(npy(tmp_path / "a.npy", stored))

    assert source.pixels.dtype == stored.dtype.newbyteorder("=")
    np.testing.assert_array_equal(source.pixels, stored)


def test_column_major_arrays_are_not_transposed(tmp_path: Path) -> None:
    stored = np.asfortranarray(noise(4, 7, 3))

    np.testing.assert_array_equal(open_image(npy(tmp_path / "a.npy", stored)).pixels, stored)


def test_channels_in_front_are_moved_to_the_end_and_said(tmp_path: Path) -> None:
    stored = noise(3, 5, 7)
    source = open_image(npy(tmp_path / "a.npy", stored))

    assert "first axis of (3, 5, 7) taken as channels" in source.badges
    np.testing.assert_array_equal(source.pixels, np.moveaxis(stored, 0, 2))


def test_wide_integers_with_small_numbers_say_what_is_taken_for_white(tmp_path: Path) -> None:
    source = open_image(npy(tmp_path / "a.npy", noise(4, 5).astype(np.int64)))

    assert source.nominal == (0, 255)
    assert "0 … 255 taken as the range of int64" in source.badges


def test_truth_values_are_black_and_white(tmp_path: Path) -> None:
    stored = noise(4, 5) > 100
    source = open_image(npy(tmp_path / "a.npy", stored))

    assert source.depth == "1-bit"
    np.testing.assert_array_equal(source.values(), stored.astype(float))


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((2, 3, 5, 7)), r"must be \(h, w\) or \(h, w, c\) with 1 to 4 channels, not \(2, 3, 5, 7\)"),
        (np.zeros((6, 7, 8)), r"not \(6, 7, 8\)"),
        (np.zeros((0, 7)), "must hold at least one pixel, not 7 × 0"),
        (np.zeros((2, 3), complex), "must hold real numbers, not complex128"),
        (np.array([["a", "b"]]), "must hold real numbers"),
    ],
)
def test_an_array_that_is_no_picture_is_refused_with_its_shape_or_dtype(
    tmp_path: Path, array: np.ndarray, sentence: str
) -> None:
    with pytest.raises(ImageOpenError, match=sentence):
        open_image(npy(tmp_path / "a.npy", array))


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([[{}, 1]], dtype=object), allow_pickle=True)

    with pytest.raises(ImageOpenError, match="must hold real numbers, not object"):
        open_image(tmp_path / "a.npy")


def test_a_giant_array_is_refused_from_its_header(tmp_path: Path) -> None:
    with (tmp_path / "a.npy").open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": (40000, 50000)}
        np.lib.format.write_array_header_1_0(file, header)

    with pytest.raises(ImageOpenError, match="50000 × 40000 pixels are 2000 Mpx; at most 256 Mpx are read"):
        open_image(tmp_path / "a.npy")


def test_a_truncated_array_is_refused_as_cut_short(tmp_path: Path) -> None:
    data = npy(tmp_path / "a.npy", noise(4, 5, dtype="float32")).read_bytes()

    with pytest.raises(ImageOpenError, match="the file is cut short: 77 of 80 bytes of pixels are there"):
        open_image(saved(tmp_path / "cut.npy", data[:-3]))


def test_the_first_picture_of_an_archive_is_shown_and_named(tmp_path: Path) -> None:
    stored = noise(4, 5)
    np.savez(tmp_path / "a.npz", labels=np.arange(3), photo=stored)
    source = open_image(tmp_path / "a.npz")

    assert "array “photo”, 2 of 2" in source.badges
    np.testing.assert_array_equal(source.pixels, stored)


def test_an_archive_of_other_things_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")

    with pytest.raises(ImageOpenError, match="is a ZIP archive without arrays"):
        open_image(tmp_path / "a.zip")


# PNM


@pytest.mark.parametrize(("maxval", "dtype"), [(255, ">u1"), (100, ">u1"), (1023, ">u2"), (65535, ">u2")])
@pytest.mark.parametrize(("magic", "channels"), [("P5", 1), ("P6", 3)])
def test_binary_netpbm_keeps_its_integers_and_its_maxval(
    tmp_path: Path, magic: str, channels: int, maxval: int, dtype: str
) -> None:
    stored = (noise(4, 7, channels, dtype="uint32") % (maxval + 1)).astype(np.uint16)
    header = f"{magic}\n# made by a test\n7 4\n{maxval}\n".encode()
    source = open_image(saved(tmp_path / "a.pnm", header + stored.astype(dtype).tobytes()))

    assert source.nominal == (0, maxval)
    np.testing.assert_array_equal(source.pixels, stored[..., 0] if channels == 1 else stored)
    np.testing.assert_array_equal(source.values(), source.pixels / maxval)


def test_text_netpbm_is_read_around_its_comments(tmp_path: Path) -> None:
    source = open_image(saved(tmp_path / "a.pgm", b"P2 #x\n3 2 # size\n1023\n0 1 2 # row\n3 512 1023\n"))

    assert (source.depth, source.nominal) == ("10-bit", (0, 1023))
    assert "maxval 1023" in source.badges
    np.testing.assert_array_equal(source.pixels, [[0, 1, 2], [3, 512, 1023]])


@pytest.mark.parametrize("data", [b"P1\n3 2\n010\n1 1 0\n", b"P4\n3 2\n\x40\xc0"])
def test_a_bitmap_has_ink_where_it_says_one(tmp_path: Path, data: bytes) -> None:
    source = open_image(saved(tmp_path / "a.pbm", data))

    assert (source.depth, source.nominal) == ("1-bit", (0, 1))
    np.testing.assert_array_equal(source.values(), [[1, 0, 1], [0, 0, 1]])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"P5 3 2 255\n12345", "the file is cut short: 5 of 6 bytes of pixels are there"),
        (b"P2 3 2 255\n1 2 3", "the file is cut short: 3 of 6 samples are there"),
        (b"P5 3 2 100\n\x01\x02\x03\x04\x05\xff", "samples must be at most the maxval 100, not 255"),
        (b"P5 3 2 70000\n", "maxval must be between 1 and 65535, not 70000"),
        (b"P5 3 2 0\n", "maxval must be between 1 and 65535, not 0"),
        (b"P5 0 2 255\n", "must hold at least one pixel, not 0 × 2"),
        (b"P5 60000 60000 255\n", "60000 × 60000 pixels are 3600 Mpx; at most 256 Mpx are read"),
        (b"P5 3 x 255\n", "height must be a whole number"),
        (b"P5 3", "the header needs 3 numbers; 1 are there"),
        (b"P2 3 1 255\n1 x 3", "samples must be whole numbers, not “x”"),
        (b"P2 3 1 255\n1 -7 3", "samples must be at least 0, not -7"),
        (b"PF 3 1 0\n", "scale must be a number other than 0, not “0”"),
    ],
)
def test_a_damaged_netpbm_is_refused_with_the_number_at_fault(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(ImageOpenError, match=sentence):
        open_image(saved(tmp_path / "a.pnm", data))


def test_bytes_after_the_picture_are_said(tmp_path: Path) -> None:
    source = open_image(saved(tmp_path / "a.pgm", b"P5 2 1 255\n\x01\x02rest"))

    assert "4 bytes after the picture left out" in source.badges


# PFM


@pytest.mark.parametrize(("scale", "order"), [("-1.0", "<f4"), ("1.0", ">f4")])
@pytest.mark.parametrize(("magic", "channels"), [("PF", 3), ("Pf", 1)])
def test_pfm_begins_with_the_bottom_row_and_its_sign_is_the_byte_order(
    tmp_path: Path, magic: str, channels: int, scale: str, order: str
) -> None:
    stored = noise(4, 7, channels, dtype="float32")
    header = f"{magic}\n7 4\n{scale}\n".encode()
    source = open_image(saved(tmp_path / "a.pfm", header + stored[::-1].astype(order).tobytes()))

    assert (source.transfer, source.badges) == ("linear", ())
    np.testing.assert_array_equal(source.pixels, stored[..., 0] if channels == 1 else stored)


def test_the_scale_of_a_pfm_is_said_and_never_multiplied(tmp_path: Path) -> None:
    stored = noise(4, 7, dtype="float32")
    source = open_image(saved(tmp_path / "a.pfm", b"Pf\n7 4\n-2\n" + stored[::-1].astype("<f4").tobytes()))

    assert source.badges == ("PFM scale 2 not applied",)
    np.testing.assert_array_equal(source.pixels, stored)

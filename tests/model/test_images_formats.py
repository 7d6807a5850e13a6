"""JPEG, TIFF, WebP, BMP, EXR and the rest: what libraries do to them in silence is undone, or said."""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.model.image_files import noise, png_bytes, tiff_bytes, write_oiio
from workbench.kernels.errors import ImageOpenError
from workbench.model import images
from workbench.model.images import open_image
from workbench.model.readers.dispatch import decode
from workbench.model.readers.sniff import avif_depth, kind_of


@pytest.fixture(autouse=True)
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same readers without a process for each file; test_images_decoder has that."""
    monkeypatch.setattr(images, "decode_apart", lambda path, kind: decode(path, kind, lambda _bytes: None))


# JPEG


def test_a_jpeg_arrives_as_another_decoder_reads_it(tmp_path: Path) -> None:
    Image.fromarray(noise(16, 24, 3)).save(tmp_path / "a.jpg", quality=90, subsampling=0)
    with Image.open(tmp_path / "a.jpg") as image:
        expected = np.asarray(image).astype(int)

    source = open_image(tmp_path / "a.jpg")

    assert int(np.abs(source.pixels.astype(int) - expected).max()) <= 1


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.95])
def test_a_truncated_jpeg_is_refused_although_an_array_came(tmp_path: Path, keep: float) -> None:
    Image.fromarray(noise(64, 48, 3)).save(tmp_path / "whole.jpg", quality=95)
    data = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(data[: int(len(data) * keep)])

    with pytest.raises(ImageOpenError, match=r"^cut\.jpg: OpenImageIO .* the file is cut short"):
        open_image(tmp_path / "cut.jpg")


def test_a_cmyk_jpeg_says_that_it_was_converted(tmp_path: Path) -> None:
    Image.fromarray(noise(8, 9, 3)).convert("CMYK").save(tmp_path / "a.jpg")

    assert "CMYK converted to RGB" in open_image(tmp_path / "a.jpg").badges


@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".webp"])
def test_orientation_is_applied_whatever_the_format(tmp_path: Path, suffix: str) -> None:
    metadata = Image.Exif()
    metadata[0x0112] = 6
    Image.fromarray(noise(8, 24, 3)).save(tmp_path / f"a{suffix}", exif=metadata)

    source = open_image(tmp_path / f"a{suffix}")

    assert source.shape == (24, 8)
    assert "turned upright (orientation 6)" in source.badges


# TIFF


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64", "int8", "int16"])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_tiff_keeps_its_dtype_and_every_sample(tmp_path: Path, dtype: str, channels: int) -> None:
    stored = noise(6, 5, channels, dtype=dtype)
    name = {"float32": "float", "float64": "double"}.get(dtype, dtype)
    source = open_image(write_oiio(tmp_path / "a.tif", stored, name))

    assert source.pixels.dtype == stored.dtype
    np.testing.assert_array_equal(source.pixels, stored[..., 0] if channels == 1 else stored)


def test_a_half_float_tiff_arrives_as_stored(tmp_path: Path) -> None:
    stored = noise(4, 6, dtype="float16")
    (tmp_path / "a.tif").write_bytes(tiff_bytes(stored, photometric=1, sample_format=3))
    source = open_image(tmp_path / "a.tif")

    assert source.depth == "16-bit float"
    np.testing.assert_array_equal(source.pixels, stored)


@pytest.mark.parametrize(("told", "kind"), [({"oiio__UnassociatedAlpha": 1}, "straight"), ({}, "associated")])
def test_tiff_tells_its_kind_of_alpha_and_keeps_its_samples(tmp_path: Path, told: dict[str, int], kind: str) -> None:
    stored = noise(4, 6, 4, dtype="uint16")
    names = ("R", "G", "B", "A")
    source = open_image(write_oiio(tmp_path / "a.tif", stored, "uint16", names=names, alpha=3, **told))

    assert source.alpha == kind
    np.testing.assert_array_equal(source.pixels, stored)


def test_white_stored_as_zero_is_inverted_and_says_so(tmp_path: Path) -> None:
    stored = noise(3, 5)
    (tmp_path / "a.tif").write_bytes(tiff_bytes(stored, photometric=0))
    source = open_image(tmp_path / "a.tif")

    assert "inverted: stored with white as 0" in source.badges
    np.testing.assert_array_equal(source.pixels, 255 - stored)


def test_six_grey_channels_are_not_taken_for_colour(tmp_path: Path) -> None:
    stored = noise(3, 5, 6)
    (tmp_path / "a.tif").write_bytes(_six_grey(stored))
    source = open_image(tmp_path / "a.tif")

    assert source.channel_names == ("L",)
    assert "channel 1 of 6: the file says grey" in source.badges
    np.testing.assert_array_equal(source.pixels, stored[..., 0])


def _six_grey(stored: np.ndarray) -> bytes:
    data = tiff_bytes(stored, photometric=1)
    # BitsPerSample must be one number for each channel: put six of them behind and point there.
    entry = struct.pack("<HHII", 258, 3, 1, 8)
    return data.replace(entry, struct.pack("<HHII", 258, 3, 6, len(data))) + struct.pack("<6H", *[8] * 6)


@pytest.mark.parametrize("bits", [1, 4])
def test_a_tiff_below_eight_bits_is_expanded_and_says_so(tmp_path: Path, bits: int) -> None:
    levels = noise(5, 9) % 2**bits
    stored = (levels * (255 // (2**bits - 1))).astype(np.uint8)
    source = open_image(write_oiio(tmp_path / "a.tif", stored, "uint8", oiio__BitsPerSample=bits))

    assert source.depth == f"{bits}-bit"
    assert f"expanded from {bits} to 8 bits" in source.badges
    np.testing.assert_array_equal(source.pixels, stored)


@pytest.mark.parametrize(("mode", "badge"), [("CMYK", "CMYK"), ("LAB", "CIELAB"), ("YCbCr", "YCbCr")])
def test_a_tiff_in_another_colour_space_says_that_it_was_converted(tmp_path: Path, mode: str, badge: str) -> None:
    Image.fromarray(noise(4, 5, 3)).convert(mode).save(tmp_path / "a.tif")

    assert f"{badge} converted to RGB" in open_image(tmp_path / "a.tif").badges


def test_a_tiff_of_several_pages_shows_the_first_and_counts_the_others(tmp_path: Path) -> None:
    pages = [Image.fromarray(noise(4, 7, 3, seed=seed)) for seed in range(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])

    source = open_image(tmp_path / "a.tif")

    assert "page 1 of 3" in source.badges
    np.testing.assert_array_equal(source.pixels, np.asarray(pages[0]))


@pytest.mark.parametrize("compression", ["zstd", "lzma"])
def test_a_compression_the_first_library_lacks_is_read_by_the_second(tmp_path: Path, compression: str) -> None:
    stored = noise(20, 31, 3)
    Image.fromarray(stored).save(tmp_path / "a.tif", compression=compression)
    source = open_image(tmp_path / "a.tif")

    assert source.reader.startswith("Pillow")
    np.testing.assert_array_equal(source.pixels, stored)


def test_the_second_library_may_not_reduce_sixteen_bits_to_eight(tmp_path: Path) -> None:
    Image.fromarray(noise(20, 31, dtype="uint16")).save(tmp_path / "a.tif", compression="zstd")

    with pytest.raises(ImageOpenError, match="must have 8 bits per sample, not 16"):
        open_image(tmp_path / "a.tif")


# WebP, BMP, TGA, HDR, DPX, JPEG 2000


def test_a_lossless_webp_keeps_straight_alpha(tmp_path: Path) -> None:
    stored = noise(6, 7, 4)
    Image.fromarray(stored).save(tmp_path / "a.webp", lossless=True, exact=True)
    source = open_image(tmp_path / "a.webp")

    assert source.alpha == "straight"
    np.testing.assert_array_equal(source.pixels, stored)


def test_an_animated_webp_counts_its_frames(tmp_path: Path) -> None:
    frames = [Image.fromarray(noise(4, 6, 3, seed=seed)) for seed in range(2)]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True)

    assert "frame 1 of 2" in open_image(tmp_path / "a.webp").badges


def test_the_alpha_of_a_bmp_is_not_dropped(tmp_path: Path) -> None:
    stored = noise(3, 5, 4)
    header = struct.pack("<2sIHHI", b"BM", 54 + 60, 0, 0, 54)
    info = struct.pack("<IiiHHIIiiII", 40, 5, -3, 1, 32, 0, 60, 2835, 2835, 0, 0)
    (tmp_path / "a.bmp").write_bytes(header + info + stored[..., [2, 1, 0, 3]].tobytes())
    source = open_image(tmp_path / "a.bmp")

    assert source.alpha == "straight"
    np.testing.assert_array_equal(source.pixels, stored)


@pytest.mark.parametrize("suffix", [".bmp", ".tga"])
def test_colour_of_eight_bits_arrives_as_stored(tmp_path: Path, suffix: str) -> None:
    stored = noise(5, 7, 3)
    Image.fromarray(stored).save(tmp_path / f"a{suffix}")

    np.testing.assert_array_equal(open_image(tmp_path / f"a{suffix}").pixels, stored)


def test_ten_bits_scaled_to_sixteen_say_so(tmp_path: Path) -> None:
    source = open_image(
        write_oiio(tmp_path / "a.dpx", noise(4, 6, 3, dtype="uint16"), "uint16", oiio__BitsPerSample=10)
    )

    assert source.depth == "10-bit"
    assert "scaled from 10 to 16 bits" in source.badges


# EXR


def test_an_exr_is_linear_with_associated_alpha_and_unchanged_numbers(tmp_path: Path) -> None:
    stored = noise(4, 6, 4, dtype="float32") * 7 - 2
    source = open_image(write_oiio(tmp_path / "a.exr", stored, "float", names=("R", "G", "B", "A"), alpha=3))

    assert (source.transfer, source.alpha) == ("linear", "associated")
    np.testing.assert_array_equal(source.pixels, stored)


def test_a_data_window_that_is_not_the_display_window_is_said(tmp_path: Path) -> None:
    source = open_image(write_oiio(tmp_path / "a.exr", noise(4, 6, 3, dtype="float32"), "float", window=(2, 1, 20, 10)))

    assert source.shape == (4, 6)
    assert "data window at row 1, column 2 of 20 × 10" in source.badges


def test_mixed_channel_types_are_said(tmp_path: Path) -> None:
    stored = noise(4, 6, 3, dtype="float32")
    source = open_image(write_oiio(tmp_path / "a.exr", stored, "float", formats=("half", "float", "half")))

    assert "mixed channel types read as 32-bit float" in source.badges
    np.testing.assert_array_equal(source.pixels[..., 1], stored[..., 1])


@pytest.mark.parametrize(
    ("names", "roles", "badges"),
    [
        (("R", "G", "B", "A", "Z", "id"), ("R", "G", "B", "A"), ("channels left out: Z, id",)),
        (("u", "v"), ("L",), ("channel “u” as grey", "channels left out: v")),
        (("left.R", "left.G", "left.B"), ("R", "G", "B"), ("layer “left”",)),
        (("Y", "A"), ("L", "A"), ()),
        (("B", "G", "R"), ("R", "G", "B"), ()),
    ],
)
def test_only_the_names_of_channels_make_colour(
    tmp_path: Path, names: tuple[str, ...], roles: tuple[str, ...], badges: tuple[str, ...]
) -> None:
    stored = noise(4, 6, len(names), dtype="float32")
    source = open_image(write_oiio(tmp_path / "a.exr", stored, "float", names=names))

    assert (source.channel_names, source.badges) == (roles, badges)


def test_numbers_that_are_not_finite_are_kept_and_counted(tmp_path: Path) -> None:
    stored = noise(4, 6, dtype="float32")
    stored[0, 1], stored[2, 3] = np.nan, -np.inf
    source = open_image(write_oiio(tmp_path / "a.tif", stored, "float"))

    assert "2 not finite" in source.badges
    np.testing.assert_array_equal(source.values(), stored)


# Pillow's own


def test_an_eight_bit_avif_is_read(tmp_path: Path) -> None:
    Image.fromarray(noise(8, 12, 3)).save(tmp_path / "a.avif")
    source = open_image(tmp_path / "a.avif")

    assert source.reader.startswith("Pillow")
    assert source.shape == (8, 12)


def test_a_ten_bit_avif_is_refused_instead_of_reduced(tmp_path: Path) -> None:
    Image.fromarray(noise(8, 12, 3)).save(tmp_path / "a.avif")
    data = bytearray((tmp_path / "a.avif").read_bytes())
    at = data.index(b"pixi") + 8
    assert data[at : at + 4] == b"\x03\x08\x08\x08"
    data[at + 1 : at + 4] = b"\x0a\x0a\x0a"
    (tmp_path / "a.avif").write_bytes(data)

    with pytest.raises(ImageOpenError, match="AVIF must have 8 bits per sample, not 10"):
        open_image(tmp_path / "a.avif")


@pytest.mark.parametrize(("flags", "bits"), [(0x00, 8), (0x40, 10), (0x60, 12)])
def test_the_depth_of_an_avif_is_found_in_its_codec_box(tmp_path: Path, flags: int, bits: int) -> None:
    codec = struct.pack(">I4s4B", 12, b"av1C", 0x81, 0, flags, 0)
    ipco = struct.pack(">I4s", 8 + len(codec), b"ipco") + codec
    iprp = struct.pack(">I4s", 8 + len(ipco), b"iprp") + ipco
    (tmp_path / "a").write_bytes(struct.pack(">I4sI", 12 + len(iprp), b"meta", 0) + iprp)

    assert avif_depth(tmp_path / "a") == bits


def test_a_gif_shows_its_first_frame_in_its_own_colours(tmp_path: Path) -> None:
    frames = [Image.fromarray(noise(4, 6, seed=seed) // 64 * 64).convert("P") for seed in range(3)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])

    source = open_image(tmp_path / "a.gif")

    assert "frame 1 of 3" in source.badges
    np.testing.assert_array_equal(source.pixels[..., :3], np.asarray(frames[0].convert("RGB")))


def test_the_largest_picture_of_an_icon_is_shown(tmp_path: Path) -> None:
    Image.fromarray(noise(64, 64, 4)).save(tmp_path / "a.ico", sizes=[(16, 16), (32, 32), (64, 64)])
    source = open_image(tmp_path / "a.ico")

    assert source.shape == (64, 64)
    assert "largest of 3 sizes" in source.badges


@pytest.fixture
def only_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without OpenImageIO, such as Windows on ARM."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)


@pytest.mark.usefixtures("only_pillow")
@pytest.mark.parametrize(("colour", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_without_openimageio_eight_bits_arrive_as_stored(tmp_path: Path, colour: int, channels: int) -> None:
    stored = noise(4, 7, channels)
    (tmp_path / "a.png").write_bytes(png_bytes(stored, 8, colour))
    source = open_image(tmp_path / "a.png")

    assert source.reader.startswith("Pillow")
    np.testing.assert_array_equal(source.pixels, stored[..., 0] if channels == 1 else stored)


@pytest.mark.usefixtures("only_pillow")
def test_without_openimageio_a_transparent_colour_is_not_dropped(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_bytes(np.array([[1, 2, 3]]), 8, 0, (b"tRNS", b"\0\2")))

    assert open_image(tmp_path / "a.png").pixels[0].tolist() == [[1, 255], [2, 0], [3, 255]]


@pytest.mark.usefixtures("only_pillow")
@pytest.mark.parametrize("colour", [0, 2, 6])
def test_without_openimageio_sixteen_bits_are_refused_instead_of_reduced(tmp_path: Path, colour: int) -> None:
    stored = noise(4, 7, {0: 1, 2: 3, 6: 4}[colour], dtype="uint16")
    (tmp_path / "a.png").write_bytes(png_bytes(stored, 16, colour))

    with pytest.raises(ImageOpenError, match="must have at most 8 bits per sample, not 16"):
        open_image(tmp_path / "a.png")


@pytest.mark.usefixtures("only_pillow")
def test_without_openimageio_an_unknown_format_is_refused(tmp_path: Path) -> None:
    write_oiio(tmp_path / "a.exr", noise(4, 6, 3, dtype="float32"), "float")

    with pytest.raises(ImageOpenError, match="it knows no such format"):
        open_image(tmp_path / "a.exr")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0avifmiaf", "avif"),
        (b"\0\0\0\x14ftypisom\0\0\0\0mp41", "video"),
        (b"MM\0+\0\x08\0\0", "tiff"),
        (b"BM6\0\0\0", "bmp"),
        (b"P5 3 2 255\n", "netpbm"),
        (b"Post scriptum", ""),
    ],
)
def test_first_bytes_tell_the_kind(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind

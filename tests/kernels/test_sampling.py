"""Sample placement: the middle of an output pixel lies where its weights are centred, away from the borders."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.kernels.arrays import Pixel
from workbench.kernels.method import SourceSpec
from workbench.kernels.registry import from_text

GRIDS = ("half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric", "pytorch_half_pixel")
METHODS = (
    *(f"bilinear:scale=2.5,grid={grid}" for grid in GRIDS),
    "bilinear:scale=2.3,factor=typed",
    "bilinear:scale=3,grid=crop,region=0.2 0.1 0.7 0.9",
    "bilinear:scale=3,grid=box_offset,region=2 3 9 15",
    "bspline:scale=3,edge=mirror",
    "transposed_conv:kernel=bilinear,kernel_size=4,stride=2,padding=1",
    "transposed_conv:kernel=gaussian,kernel_size=3,stride=2,padding=1,output_padding=1",
    "convolution:kernel=gaussian,kernel_size=5,stride=2,padding=1",
    "average_pool:kernel=3,stride=2,padding=1",
    "down:2",
    "resize_conv:scale=2,interpolation=bilinear,border=replicate",
    "resize_conv:scale=2,interpolation=bilinear,border=zero",
)


@pytest.mark.parametrize("text", METHODS)
def test_the_weights_of_a_pixel_are_centred_where_it_is_said_to_sample(text: str) -> None:
    operator = from_text(text).operator(SourceSpec((16, 22)))
    i, j = operator.out_shape[0] * 2 // 5, operator.out_shape[1] * 3 // 5
    for pixel in (Pixel(i, j), Pixel(i + 1, j + 1)):
        row = operator.row(*pixel)
        centre = (np.average(row.rows, weights=row.weights) + 0.5, np.average(row.cols, weights=row.weights) + 0.5)

        assert operator.sampling.centre(pixel) == pytest.approx(centre, abs=1e-4)


def test_a_single_aligned_output_has_the_width_of_its_nominal_pixel() -> None:
    operator = from_text("bilinear:size=1x1,grid=align_corners").operator(SourceSpec((5, 8)))

    assert operator.sampling.step == (5.0, 8.0)
    assert operator.sampling.centre(Pixel(0, 0)) == (0.5, 0.5)

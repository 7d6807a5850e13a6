"""Sub-pixel convolution: r² small kernels, one for each pixel of an r × r cell, woven into one transposed convolution.

Source: Shi et al. (2016), ESPCN; Aitken et al., Checkerboard artifact free sub-pixel convolution (2017) for ICNR.

Convention
    Sub-kernel n = i·r + j answers for pixel (i, j) of each cell: ``y[h·r + i] = Σ_a w_n[a]·x[h + a − p]``, zeros
    around the image, p = ⌊(k−1)/2⌋. That is a transposed convolution with stride r whose kernel holds ``w_n[a]`` at
    (k−1−a)·r + i, cropped by (k−1−p)·r before and p·r after.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from workbench.kernels.operators.channels import Order
from workbench.kernels.params import Pair

Floats = npt.NDArray[np.float64]


def woven(kernels: Floats, r: int) -> Floats:
    """The kernels (…, r², kh, kw) of a cell as one kernel (…, kh·r, kw·r) of a transposed convolution."""
    *front, _, kh, kw = kernels.shape
    cells = kernels.reshape(*front, r, r, kh, kw)[..., ::-1, ::-1]
    axes = len(front)
    return cells.transpose(*range(axes), axes + 2, axes, axes + 3, axes + 1).reshape(*front, kh * r, kw * r)


def crops(kernel: Pair, r: int) -> tuple[Pair, Pair]:
    """Padding before and after of that transposed convolution."""
    before = [(k - 1) // 2 for k in kernel]
    near = tuple((k - 1 - p) * r for k, p in zip(kernel, before, strict=True))
    return (near[0], near[1]), (before[0] * r, before[1] * r)


def by_output(weights: Floats, r: int, order: Order) -> Floats:
    """Weights (C_out·r², C_in, kh, kw) of the convolution before a shuffle, as (C_out, C_in, r², kh, kw)."""
    depth, inputs, kh, kw = weights.shape
    outputs = depth // (r * r)
    if order is Order.CRD:
        return weights.reshape(outputs, r * r, inputs, kh, kw).swapaxes(1, 2)
    return weights.reshape(r * r, outputs, inputs, kh, kw).transpose(1, 2, 0, 3, 4)


def icnr(kernels: npt.ArrayLike, r: int, order: Order = Order.CRD) -> Floats:
    """ICNR initialisation: every sub-pixel of a cell begins with the same kernel, so that no grid is drawn.

    Parameters
    ----------
    kernels : (C_out, C_in, kh, kw) or (kh, kw)
        Weights of the convolution without the shuffle.
    r : int
    order : Order
        In which the shuffle that follows reads its channels.

    Returns
    -------
    (C_out·r², C_in, kh, kw), or (r², kh, kw)
        Shuffled after the convolution, the same as the small kernels and then nearest neighbour × r.
    """
    table = np.asarray(kernels, np.float64)
    if order is Order.CRD or table.ndim == 2:
        return np.repeat(table[None] if table.ndim == 2 else table, r * r, axis=0)
    return np.tile(table, (r * r, 1, 1, 1))


def linear(r: int) -> Floats:
    """Sub-kernels (r², 3, 3) that interpolate linearly between pixel centres, zero beyond the image."""
    lines = np.zeros((r, 3))
    for i in range(r):
        c = (i + 0.5) / r - 0.5
        lines[i] = np.maximum(0, 1 - np.abs(np.arange(-1, 2) - c))
    return np.asarray(np.einsum("ia,jb->ijab", lines, lines).reshape(r * r, 3, 3))

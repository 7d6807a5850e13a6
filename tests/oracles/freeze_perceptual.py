"""Freezes MS-SSIM and GMSD computed with PyTorch's own convolutions and pooling, written from the papers alone.

Run with an interpreter that has PyTorch: ``python -m tests.oracles.freeze_perceptual``.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
CASES = ((181, 240, 1, 1.0, 0.1), (203, 176, 3, 1.0, 0.02), (190, 333, 1, 255.0, 0.3))


def pair(height: int, width: int, channels: int, data_range: float, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A smooth picture and a noisy copy of it; the test makes the very same ones."""
    rng = np.random.default_rng(height)
    y, x = np.mgrid[:height, :width]
    planes = [0.5 + 0.3 * np.sin(x / (5 + 3 * k)) * np.cos(y / (9 - 2 * k)) for k in range(channels)]
    picture = np.stack(planes, axis=2)
    copy = picture + noise * rng.standard_normal(picture.shape)
    return picture.squeeze() * data_range, copy.squeeze() * data_range


def ms_ssim(a: torch.Tensor, r: torch.Tensor, data_range: float) -> float:
    k = torch.arange(11, dtype=torch.float64) - 5
    line = torch.exp(-(k**2) / (2 * 1.5**2))
    window = (line[:, None] * line[None, :] / line.sum() ** 2)[None, None]
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    product = torch.ones(a.shape[0], dtype=torch.float64)
    for scale, weight in enumerate(WEIGHTS):
        mean_a, mean_r = F.conv2d(a, window), F.conv2d(r, window)
        var_a = F.conv2d(a * a, window) - mean_a**2
        var_r = F.conv2d(r * r, window) - mean_r**2
        cross = F.conv2d(a * r, window) - mean_a * mean_r
        structure = (2 * cross + c2) / (var_a + var_r + c2)
        if scale == 4:
            structure = structure * (2 * mean_a * mean_r + c1) / (mean_a**2 + mean_r**2 + c1)
        product = product * structure.mean((1, 2, 3)).clamp(min=0) ** weight
        a, r = F.avg_pool2d(a, 2), F.avg_pool2d(r, 2)
    return float(product.mean())


def gmsd(a: torch.Tensor, r: torch.Tensor, data_range: float) -> float:
    a, r = F.avg_pool2d(a, 2), F.avg_pool2d(r, 2)
    down = torch.tensor([[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]], dtype=torch.float64)[None, None] / 3
    across = down.transpose(2, 3)
    size_a, size_r = (
        (F.conv2d(one, down, padding=1) ** 2 + F.conv2d(one, across, padding=1) ** 2).sqrt() for one in (a, r)
    )
    c = 170 / 255**2 * data_range**2
    similarity = (2 * size_a * size_r + c) / (size_a**2 + size_r**2 + c)
    return float(similarity.flatten(1).std(1, unbiased=False).mean())


def planes_of(image: np.ndarray) -> torch.Tensor:
    """Channels as a batch of one-channel pictures."""
    stacked = image[:, :, None] if image.ndim == 2 else image
    return torch.from_numpy(np.ascontiguousarray(stacked.transpose(2, 0, 1)))[:, None]


def main() -> None:
    cases = []
    for case in CASES:
        reference, copy = (planes_of(image) for image in pair(*case))
        numbers = {"ms_ssim": ms_ssim(copy, reference, case[3]), "gmsd": gmsd(copy, reference, case[3])}
        cases.append({"case": list(case), **numbers})
    made = {"library": f"torch {torch.__version__}", "call": "conv2d, avg_pool2d", "cases": cases}
    path = Path(__file__).parents[1] / "golden" / "perceptual.json"
    path.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

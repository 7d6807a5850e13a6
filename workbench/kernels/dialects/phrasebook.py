"""One method in the words of every library that has it, to be copied."""

from __future__ import annotations

from workbench.kernels.dialects import jax, matlab, onnx, opencv, pillow, scipy, skimage, tensorflow, torch

LIBRARIES = {
    "PyTorch": torch.code,
    "ONNX": onnx.code,
    "OpenCV": opencv.code,
    "Pillow": pillow.code,
    "SciPy": scipy.code,
    "scikit-image": skimage.code,
    "TensorFlow": tensorflow.code,
    "JAX": jax.code,
    "MATLAB": matlab.code,
}
"""Each library's name, and how it says a method."""

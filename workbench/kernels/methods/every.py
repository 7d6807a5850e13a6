"""Every method, in the order of the menus: one file, and one import line here.

Imported by name, never discovered: a frozen application has no folder to search. Only where all of them are wanted:
`registry` finds those that are imported already without it, so that a window starts with the few that it shows.
"""

# ruff: noqa: F401, I001
from workbench.kernels.methods import nearest
from workbench.kernels.methods import linear
from workbench.kernels.methods import bilinear
from workbench.kernels.methods import bicubic
from workbench.kernels.methods import cubic_bc
from workbench.kernels.methods import lanczos
from workbench.kernels.methods import hamming
from workbench.kernels.methods import gaussian
from workbench.kernels.methods import box
from workbench.kernels.methods import area
from workbench.kernels.methods import bspline
from workbench.kernels.methods import fourier
from workbench.kernels.methods import zero_insertion
from workbench.kernels.methods import transposed_conv
from workbench.kernels.methods import grouped_transposed_conv
from workbench.kernels.methods import pixel_shuffle
from workbench.kernels.methods import resize_conv
from workbench.kernels.methods import bilinear_additive
from workbench.kernels.methods import max_unpool
from workbench.kernels.methods import average_unpool
from workbench.kernels.methods import down
from workbench.kernels.methods import max_pool
from workbench.kernels.methods import average_pool
from workbench.kernels.methods import convolution
from workbench.kernels.methods import grouped_conv
from workbench.kernels.methods import pixel_unshuffle

"""Readers of pixels, one file for each library or format; :mod:`workbench.model.images` is the way in.

::

    sniff       what a file is, by its first bytes
    decoded     what a reader hands back, and the limits it keeps
    netpbm      P1–P6, PF, Pf: our own
    npy         NPY and NPZ: numpy
    oiio        everything OpenImageIO reads
    pillow      AVIF, GIF, ICO; and 8-bit files OpenImageIO refuses
    upright     the eight orientations
    dispatch    kind → reader
"""

"""The Qt window: the only place that knows Qt and pyqtgraph.

The model is imported here because PySide6 reads the source text of every module that is imported after it.
"""

# ruff: noqa: F401
from workbench.model import group_range, looks, peak, pipeline, row_pair, start, status, view_data

"""The Qt window: the only place that knows Qt and pyqtgraph.

The model is imported here because PySide6 reads the source text of every module that is imported after it.
"""

from workbench.model import looks, pipeline, row_pair, start, status

__all__ = ["looks", "pipeline", "row_pair", "start", "status"]

"""Everything that can go wrong by what a person gave us, each with a sentence fit to be shown.

::

    WorkbenchError
    ├── ParameterError          a field of a method:  "scale: must be at most 64, not 65"
    │   ├── InvalidIndices      recorded indices that point outside their plane
    │   └── MissingRecord       max-unpooling where nothing was pooled
    ├── ShapeError              arrays that do not fit each other or the operation
    ├── ImageOpenError          a file that is no readable image
    ├── ImageSaveError          a file that could not be written
    └── SessionFileError        a session file that cannot be used
    Cancelled                   not an error: somebody asked to stop

A sentence names the thing, the rule and the value. The window and the command line print it as it is.
"""

from __future__ import annotations

from pathlib import Path


class WorkbenchError(Exception):
    """Something the person can repair; ``str(error)`` says what."""


class ParameterError(WorkbenchError):
    """A field of a method holds a value it may not hold.

    Parameters
    ----------
    field : str
        The field's name as in files and on the command line.
    problem : str
        The rule and the value: ``"must be at most 64, not 65"``.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class InvalidIndices(ParameterError):
    """Recorded indices do not lie in their plane."""


class MissingRecord(ParameterError):
    """A method needs the indices that a max-pooling recorded, and there are none."""


class ShapeError(WorkbenchError):
    """Arrays whose shapes do not fit each other, or an operation that would leave no pixel."""


class ImageOpenError(WorkbenchError):
    """A file could not be read as an image.

    Parameters
    ----------
    path : path-like
        The file; the sentence names it without its folder.
    reader : str
        Who tried, with version, or ``""`` if nobody got that far.
    reason : str
        What is wrong, as a clause: ``"the file is empty"``.
    """

    def __init__(self, path: str | Path, reader: str, reason: str) -> None:
        name = Path(path).name or str(path)
        said = f"{reader} could not read it: {reason}" if reader else reason
        super().__init__(f"{name}: {said}")
        self.path = Path(path)
        self.reader = reader
        self.reason = reason


class ImageSaveError(WorkbenchError):
    """A file could not be written; what stood there before is untouched."""

    def __init__(self, path: str | Path, reason: str) -> None:
        super().__init__(f"{Path(path).name}: {reason}")
        self.path = Path(path)
        self.reason = reason


class SessionFileError(WorkbenchError):
    """A session file cannot be used; the open comparison stays as it is."""

    def __init__(self, path: str | Path, reason: str) -> None:
        super().__init__(f"{Path(path).name}: {reason}")
        self.path = Path(path)
        self.reason = reason


class Cancelled(Exception):
    """Work was asked to stop between two tiles. Not an error: nobody is told."""

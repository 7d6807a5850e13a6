"""What becomes of an exception that a piece of work raised: a result, a few words, or a bug that must be heard of."""

from __future__ import annotations

from workbench.kernels.errors import WorkbenchError


def as_result(error: BaseException) -> Exception:
    """The error as a result holds it: one whose text is a sentence fit to be shown."""
    if isinstance(error, MemoryError):
        return WorkbenchError("There is not enough memory for this.")
    return error if isinstance(error, Exception) else WorkbenchError(str(error))


def as_reason(error: BaseException) -> str:
    """The error in the room of a number."""
    if isinstance(error, MemoryError):
        return "not enough memory"
    return str(error) if isinstance(error, WorkbenchError) else "failed"


def raise_bug(error: BaseException) -> None:
    """Raise what is no expected failure, once the result has been written; whoever listens for bugs records it."""
    if not isinstance(error, (WorkbenchError, MemoryError)):
        raise error

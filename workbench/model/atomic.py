"""Writing a file so that at every moment either the old or the new one is there, never half of one."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_write(path: str | Path, check: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """Replace a file only when its successor is complete, on the disk and, if asked, looked at again.

    ::

        with atomic_write("out.png", check=compare) as temporary:
            writer.save(temporary)

    Links are followed, so the file they name is replaced and they stay links. The mode bits of the old file
    are kept; a new one gets the usual ones. Whatever raises, inside the block or later, leaves the old file
    as it was.

    Parameters
    ----------
    path : path-like
        The file to write.
    check : callable, optional
        Gets the temporary file after it has reached the disk; raising keeps the old file.

    Yields
    ------
    Path
        An empty file in the same folder with the same suffix.

    Raises
    ------
    OSError
        If the folder cannot be written, or the disk is full.
    """
    target = Path(os.path.realpath(path))
    try:
        old_mode: int | None = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        old_mode = None
    # Created by hand and not with mkstemp, so that the kernel applies the umask: asking Python for it means
    # changing it for all threads.
    temporary = target.with_name(f".{target.stem[:40]}-{secrets.token_hex(6)}{target.suffix}")
    wanted = 0o666 if old_mode is None else 0o600
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, wanted)
    try:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode) if old_mode is None else old_mode
        os.close(descriptor)
        yield temporary
        _to_disk(temporary)
        if check is not None:
            check(temporary)
        temporary.chmod(mode)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _to_disk(path: Path) -> None:
    """Wait until the bytes are on the disk; a writer may have closed its file before they were."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())

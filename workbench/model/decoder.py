"""Reading a file in a process of its own: a native decoder can neither be cancelled nor caught when it dies.

``python -m workbench.model.decoder FILE KIND FOLDER`` leaves ``pixels.npy`` and ``facts.json`` in the folder,
or a ``facts.json`` that says why not. :func:`decode_apart` starts that and reads the answer. A frozen
application starts itself, with the hidden subcommand ``decode``.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from workbench.kernels.errors import ImageOpenError
from workbench.model.readers.decoded import Decoded
from workbench.model.readers.dispatch import decode

TIMEOUT = 20.0
"""Seconds a decoder may take."""

_BASE_BYTES = 2**30  # python, numpy and the decoder's own libraries start within a quarter of it
_NOT_STARTED = "read without a separate process"


def decode_apart(path: Path, kind: str) -> Decoded:
    """Read a file in a child process, bounded in time and memory.

    Raises
    ------
    ImageOpenError
        What the reader said; or that the process died, or gave no answer in time.
    """
    import subprocess  # no start of a window waits for it

    with tempfile.TemporaryDirectory(prefix="decoder-") as folder:
        try:
            done = subprocess.run(
                [*_command(), str(path.resolve()), kind, folder],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=TIMEOUT,
                env=_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ImageOpenError(path, "", f"the decoder gave no answer within {TIMEOUT:g} s") from None
        except OSError:
            return _here_instead(path, kind)
        if not Path(folder, "started").exists():
            return _here_instead(path, kind)
        facts = Path(folder, "facts.json")
        if not facts.exists():
            died = f"signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}"
            raise ImageOpenError(path, "", f"the decoder of this format died ({died})")
        return _answer(path, json.loads(facts.read_text("utf-8")), Path(folder, "pixels.npy"))


def _here_instead(path: Path, kind: str) -> Decoded:
    decoded = decode(path, kind, lambda _bytes: None)
    return dataclasses.replace(decoded, badges=(*decoded.badges, _NOT_STARTED))


def _answer(path: Path, facts: dict[str, Any], pixels: Path) -> Decoded:
    if "reason" in facts:
        raise ImageOpenError(path, facts["reader"], facts["reason"])
    return Decoded(
        pixels=np.load(pixels, allow_pickle=False),
        roles=tuple(facts["roles"]),
        reader=facts["reader"],
        depth=facts["depth"],
        nominal=(facts["nominal"][0], facts["nominal"][1]),
        transfer=facts["transfer"],
        alpha=facts["alpha"],
        badges=tuple(facts["badges"]),
        orientation=facts["orientation"],
        icc=base64.b64decode(facts["icc"]) if facts["icc"] else None,
    )


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "decode"]
    return [sys.executable, "-m", "workbench.model.decoder"]


def _environment() -> dict[str, str]:
    """Ours, with the package findable and few threads: on a large machine their stacks and arenas alone
    would fill the address space the child may use.
    """
    import workbench

    paths = [str(Path(workbench.__path__[0]).parent)]
    if "PYTHONPATH" in os.environ:
        paths.append(os.environ["PYTHONPATH"])
    few = {"OPENBLAS_NUM_THREADS": "1", "OPENIMAGEIO_THREADS": "4", "MALLOC_ARENA_MAX": "4"}
    return {**os.environ, **few, "PYTHONPATH": os.pathsep.join(paths)}


def main(arguments: list[str]) -> int:
    """The child's side: read one file and leave the answer in a folder.

    Parameters
    ----------
    arguments : list of str
        File, kind, folder.
    """
    path, kind, folder = Path(arguments[0]), arguments[1], Path(arguments[2])
    (folder / "started").touch()
    _bound_memory(0)
    try:
        decoded = decode(path, kind, _bound_memory)
        np.save(folder / "pixels.npy", decoded.pixels, allow_pickle=False)
        facts = {
            field.name: getattr(decoded, field.name)
            for field in dataclasses.fields(decoded)
            if field.name not in ("pixels", "icc")
        }
        facts["icc"] = base64.b64encode(decoded.icc).decode("ascii") if decoded.icc else ""
    except ImageOpenError as error:
        facts = {"reader": error.reader, "reason": error.reason}
    except Exception as error:  # readers raise anything; the parent makes one sentence of it
        facts = {"reader": "", "reason": in_words(error)}
    (folder / "facts.json").write_text(json.dumps(facts), "utf-8")
    return 0


def in_words(error: Exception) -> str:
    """Any exception of a library as a clause."""
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    if isinstance(error, MemoryError):
        return "the picture needs more memory than there is"
    return f"{first.rstrip('.')} ({type(error).__name__})" if first else type(error).__name__


def _bound_memory(predicted: int) -> None:
    """Let this process take three times the predicted bytes and a little, where that can be said."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = 3 * predicted + _BASE_BYTES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    with contextlib.suppress(OSError, ValueError):  # macOS has the call and refuses it
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

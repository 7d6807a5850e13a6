"""Starts the workbench: a command, the window, or, where no window can be, a figure of the same comparison.

Qt is imported last and only when nothing speaks against it: where something is missing it aborts, and no exception
could be caught.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run with these arguments, those of the process if none are given; returns the exit status."""
    # One thread: our products are small, and threads of our own run beside the window's. Must precede numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = list(sys.argv[1:] if argv is None else argv)
    from workbench import cli

    if words[:1] == ["decode"]:
        # How a frozen application reads a picture in a child process.
        from workbench.model import decoder

        return decoder.main(words[1:])
    if words[:1] == ["screenshot"]:
        return _screenshot(words[1:])
    if words and words[0] in cli.COMMANDS:
        return cli.main(words)
    return _open(words)


def _open(words: list[str]) -> int:
    """The window, or what stands in for it."""
    from workbench import __version__, cli, doctor

    parser = cli.Parser(
        prog="main.py",
        description="Shows what each upsampling method does to a picture, and why, pixel by pixel.",
        epilog=f"Without a window: main.py {{{','.join((*cli.COMMANDS, 'screenshot'))}}} --help",
    )
    parser.add_argument(
        "paths", nargs="*", metavar="path", help="pictures, folders, patterns, or a saved comparison to open"
    )
    parser.add_argument("--doctor", action="store_true", help="print versions, platforms, missing libraries, the log")
    parser.add_argument("--version", action="version", version=f"upsampling-workbench {__version__}")
    args = parser.parse_args(words)
    if args.doctor:
        print(doctor.report())
        return 0
    reason = doctor.why_no_window()
    if reason is not None:
        print(f"No window: {reason}; drawing the figure instead.", file=sys.stderr)
        return cli.draw_instead(next(iter(args.paths), None))
    # Whatever is made until the window stands is kept: looking through it for garbage took a tenth of the start.
    # `workbench.ui.furnishing` turns it on again.
    gc.disable()
    from workbench.ui.app import run

    status: int = run(args.paths)
    return status


def _screenshot(words: list[str]) -> int:
    """A picture of the window, drawn without a screen."""
    from workbench import cli, doctor

    problem = doctor.bad_pair()
    if problem is not None:
        print(f"error: no window can be drawn: {problem}", file=sys.stderr)
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from workbench.ui import screenshot

    parser = cli.Parser(prog="main.py screenshot", description="Draws the window into a PNG, without a screen.")
    screenshot.add_arguments(parser)
    status: int = screenshot.main(parser.parse_args(words))
    return status


if __name__ == "__main__":
    sys.exit(main())

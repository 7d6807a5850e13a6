"""The command line: the same numbers, tables and figures as in the window, without one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from workbench.kernels.errors import WorkbenchError

COMMANDS = ("methods", "explain", "apply", "metrics", "figure")


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, as every other error."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message} (see {self.prog} --help)\n")


def parser() -> argparse.ArgumentParser:
    """Everything the command line understands."""
    from workbench.cli import explain, figure, numbers

    made = Parser(prog="main.py", description="Upsampling methods on the command line.")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    numbers.add_parsers(commands)
    explain.add_parser(commands)
    figure.add_parser(commands)
    return made


def main(argv: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str
        The command and its arguments.

    Returns
    -------
    int
        Exit status: 0, or 2 after one line on stderr that says what is wrong.
    """
    args = parser().parse_args(argv)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except WorkbenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read has had enough; nothing more may be written at exit.
        sys.stdout = None
        return 0
    return status


def draw_instead(path: str | None) -> int:
    """Draw what a window would have opened, and print only where the figure is.

    Parameters
    ----------
    path : str, optional
        A picture or a session file; the sample of the first start if not given.
    """
    from workbench.cli import figure, inputs
    from workbench.model import files, start

    try:
        if path is None:
            comparison = start.first_start()
        elif inputs.is_session(path):
            comparison = files.load_session(path)
        else:
            comparison = start.for_image(inputs.source_of(path))
        print(figure.draw_instead(comparison))
    except WorkbenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0

"""The loops of the `numba` engine by name: each is compiled, or read from the disk, when it is first wanted.

Imports numba; imported only by `numba`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workbench.kernels.engines import loops, pools, stamps


@dataclass(slots=True)
class Loop:
    """One loop, with the types that it is compiled for.

    Attributes
    ----------
    run : callable, optional
        The machine's own code, once there is some.
    """

    function: Any
    signature: Any
    run: Callable[..., Any] | None = field(default=None, init=False)

    def kept(self) -> bool:
        """Whether the disk holds it, compiled for this machine; then it is ready at once."""
        if self.run is None and self.function._cache.load_overload(self.signature, self.function.targetctx) is None:
            return False
        self.make()
        return True

    def make(self) -> Callable[..., Any]:
        """Compile it, or read it from the disk."""
        if self.run is None:
            self.function.compile(self.signature)
            self.function.disable_compile()
            self.run = self.function
        return self.run


LOOPS = {
    "resample": Loop(loops.resample, loops.RESAMPLE),
    "weave": Loop(stamps.weave, stamps.WEAVE),
    "stamp": Loop(stamps.stamp, stamps.STAMP),
    "scatter": Loop(pools.scatter, pools.SCATTER),
    "pack": Loop(pools.pack, pools.PACK),
    "select": Loop(pools.select, pools.SELECT),
    "pool": Loop(pools.pool, pools.POOL),
}

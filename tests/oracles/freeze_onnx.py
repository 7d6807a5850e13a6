"""Freezes the ONNX node conformance cases that concern us: two-dimensional resizes, layers, pools and shuffles.

Run from the top of the repository with onnx installed (the ``oracles`` group, not in the lock):
``python -m tests.oracles.freeze_onnx``. From 1.23 on, the package makes the cases in memory, each with its own seed.
Cases of a few numbers go into ``onnx_node_cases.json``, those on whole pictures into ``onnx_node_pools.npz``.
"""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).parents[1] / "golden"
OPERATORS = (
    "Resize",
    "Upsample",
    "DepthToSpace",
    "SpaceToDepth",
    "MaxUnpool",
    "ConvTranspose",
    "MaxPool",
    "AveragePool",
)
COUNT = 84
LARGE = 1000
"""Numbers in a case from which on it goes into the binary file."""


def cases() -> list[Any]:
    """The library's own cases of these operators on pictures, in its order."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        from onnx.backend.test.case.node import collect_testcases

        known = collect_testcases(None)
    wanted = [
        case
        for case in known
        if case.model.graph.node[0].op_type in OPERATORS
        and "_expanded" not in case.name
        and case.data_sets[0][0][0].ndim == 4
    ]
    return sorted(wanted, key=lambda case: OPERATORS.index(case.model.graph.node[0].op_type))


def numbers(array: np.ndarray) -> list[Any]:
    """Flat values, as short as they come back exactly in their own type."""
    if array.dtype.kind == "f":
        return [int(one) if float(one).is_integer() else float(str(one)) for one in array.ravel()]
    return [int(one) for one in array.ravel()]


def tensor(array: np.ndarray) -> dict[str, Any]:
    return {"dtype": str(array.dtype), "shape": list(array.shape), "values": numbers(array)}


def attributes(node: Any) -> dict[str, Any]:
    import onnx

    made = {}
    for one in node.attribute:
        value = onnx.helper.get_attribute_value(one)
        if isinstance(value, bytes):
            value = value.decode()
        made[one.name] = float(str(np.float32(value))) if isinstance(value, float) else value
        if not isinstance(made[one.name], (str, int, float)):
            made[one.name] = list(value)
    return made


def main() -> None:
    import onnx

    lines, pools = [], {}
    for case in cases():
        node = case.model.graph.node[0]
        opset = case.model.opset_import[0].version
        schema = onnx.defs.get_schema(node.op_type, opset)
        inputs, outputs = case.data_sets[0]
        names = [schema.inputs[k].name for k, name in enumerate(node.input) if name]
        head = {"name": case.name.removeprefix("test_"), "op_type": node.op_type, "opset": opset}
        head["attributes"] = attributes(node)
        given = dict(zip(names, inputs, strict=True))
        made = dict(zip([one.name for one in schema.outputs], outputs, strict=False))
        if inputs[0].size >= LARGE:
            for side, tensors in (("input", given), ("output", made)):
                pools |= {f"{head['name']}/{side}/{name}": array for name, array in tensors.items()}
            lines.append(head | {"file": "onnx_node_pools.npz"})
        else:
            sides = {"inputs": given, "outputs": made}
            lines.append(
                head | {side: {k: tensor(np.asarray(a)) for k, a in found.items()} for side, found in sides.items()}
            )
    if len(lines) != COUNT:
        raise SystemExit(f"{COUNT} cases were expected, and there are {len(lines)}")
    top = {
        "library": "onnx",
        "version": onnx.__version__,
        "licence": "Apache-2.0",
        "script": "tests.oracles.freeze_onnx",
    }
    text = json.dumps(top, indent=1)[:-2] + ',\n "cases": [\n'
    text += ",\n".join("  " + json.dumps(line) for line in lines) + "\n ]\n}\n"
    json.loads(text)
    (GOLDEN / "onnx_node_cases.json").write_text(text, encoding="utf-8")
    np.savez_compressed(GOLDEN / "onnx_node_pools.npz", **pools)


if __name__ == "__main__":
    main()

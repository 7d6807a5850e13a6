"""Prints the tables of the targets beside what this machine does: ``make bench``."""

from __future__ import annotations

from tests.benchmarks.timing import one_thread

one_thread()  # before numpy and others start threads of their own

import sys  # noqa: E402

from tests.benchmarks import bounds, peers, ratios  # noqa: E402


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def verdict(value: float | None, bound: float) -> str:
    return number(value) + ("" if value is None or value <= bound else " ✗")


def main(words: list[str]) -> None:
    """All tables, or only the lines whose title has one of the words."""
    print(" · ".join(peers.versions()), "· 1 thread, CPU time, medians\n")
    results = []
    engines = list(ratios.engines())
    print("| output values at 1T | " + " | ".join(f"{e} ns" for e in engines) + " | best peer | ÷ peer | ÷ torch |")
    print("|---" * (len(engines) + 4) + "|")
    for case in ratios.cases():
        if words and not any(word in case.title or word in case.target.title for word in words):
            continue
        result = ratios.measured(case)
        results.append(result)
        per = {name: seconds / case.elements * 1e9 for name, seconds in result.seconds.items()}
        best = min(result.best, key=per.__getitem__, default="")
        cells = [case.title, *(f"{per[engine]:.2f}" for engine in engines), f"{best} {per.get(best, 0):.2f}"]
        for others in (result.best, ["torch"]):
            cells.append(" / ".join(number(result.ratio(engine, others)) for engine in engines))
        print("| " + " | ".join(cells) + " |", flush=True)
    print("\n| worst of each | " + " | ".join(f"{e}: target | measured" for e in engines) + " | moonshot |")
    print("|---" * (2 * len(engines) + 2) + "|")
    for target in [*dict.fromkeys(result.case.target for result in results), ratios.TORCH]:
        cells = [target.title]
        for engine in engines:
            found = [
                result.ratio(engine, ["torch"] if target is ratios.TORCH else result.best)
                for result in results
                if target in (result.case.target, ratios.TORCH)
            ]
            worst = max((ratio for ratio in found if ratio is not None), default=None)
            bound = getattr(target, engine)
            cells += [f"≤ {bound:g}", verdict(worst, bound)]
        print("| " + " | ".join([*cells, f"{target.moonshot:g}"]) + " |")
    if not words or "bounds" in words:
        print("\n| | target | measured |\n|---|---|---|")
        for line in bounds.lines():
            print(f"| {line.title} | ≤ {line.bound:g} {line.unit} | {verdict(line.value, line.bound)} |", flush=True)


main(sys.argv[1:])

"""Disclosure control of a table as a statistics bureau publishes it: 11 districts x 31 divisions, 6,800 firms.

python benchmarks/disclosure.py
"""

from __future__ import annotations

import random
import time

from lianzhang.engines.disclosure import Dimension, Rules, exposed, protect, tabulate


def main() -> None:
    draw = random.Random(2022)
    districts, divisions = [f"D{i}" for i in range(11)], [f"{13 + i}" for i in range(31)]
    weights = [1 / (i + 1) for i in range(31)]
    rows = [
        (f"f{n}", (draw.choice(districts), draw.choices(divisions, weights)[0]), draw.lognormvariate(17, 1.6))
        for n in range(6800)
    ]
    begun = time.process_time()
    table = tabulate([Dimension.flat("district", districts), Dimension.flat("division", divisions)], rows)
    made = time.process_time() - begun
    rules = Rules()
    primary = [k for k, c in table.cells.items() if rules.broken(c.contributors.values())]
    open_cells = exposed(table, set(primary), primary, rules)
    begun = time.process_time()
    done = protect(table, rules)
    took = time.process_time() - begun
    begun = time.process_time()
    left = exposed(table, done.hidden, done.primary, rules)
    audit = time.process_time() - begun
    value = sum(table.cells[k].value for k in done.hidden if "" not in k) / table.cells["", ""].value
    print(
        f"cells {len(table.cells)}, primary {len(primary)}, of them computable without companions {len(open_cells)}"
    )
    print(
        f"companions {len(done.hidden) - len(done.primary)}, value withheld {value:.1%}, computable after {len(left)}"
    )
    print(f"processor seconds: tabulate {made:.2f}, protect {took:.2f}, audit {audit:.2f}")


if __name__ == "__main__":
    main()

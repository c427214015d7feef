"""Processes: the standard library's pool, which outlives a worker that the engine kills.
`python examples/engines/processes.py [COPIES]`."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import common

if __name__ == "__main__":
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    start = time.perf_counter()
    rows = []
    with ProcessPoolExecutor(2) as pool:
        futures = {name: pool.submit(common.answer, name, data) for name, data in common.inputs(copies)}
        for name, future in futures.items():
            try:
                rows.append(future.result())
            except BrokenProcessPool as error:
                rows.append({"name": name, "status": "failed", "reason": f"worker killed: {error}"})
        # no time at all: an answer comes all the same
        name, data = next(common.inputs(1))
        rows.append(pool.submit(common.answer, f"late/{name}", data, 0.000001).result())
    for row in rows:
        row.setdefault("amounts", 0), row.setdefault("proved", 0)
    common.report("processes", rows, time.perf_counter() - start)

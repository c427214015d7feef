"""Threads of one process: `extract_many`. `python examples/engines/plain.py [COPIES] [JOBS]`."""

import sys
import time

import common

import yusuan

arguments = [int(a) for a in sys.argv[1:]]
copies, jobs = (arguments + [10, 2][len(arguments):])[:2]
start = time.perf_counter()
rows = []
for result in yusuan.extract_many(common.inputs(copies), jobs=jobs, timeout=8):
    if isinstance(result, yusuan.Failure):
        rows.append({"name": result.name, "status": "failed", "reason": result.message, "proved": 0, "amounts": 0})
    else:
        proof = result.document.proof
        status = result.document.status
        rows.append({"name": result.name, "status": status, "proved": proof["proved"], "amounts": proof["amounts"]})
common.report(f"threads, jobs={jobs}", rows, time.perf_counter() - start)

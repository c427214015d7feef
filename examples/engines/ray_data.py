"""Ray Data: `map_batches` with actors. `python examples/engines/ray_data.py [COPIES]`."""

import sys
import time
from typing import Any

import common
import pyarrow as pa
import ray


class Extract:
    """An actor: the module is loaded once for many batches."""

    def __call__(self, batch: pa.Table) -> pa.Table:
        rows: list[dict[str, Any]] = [
            common.answer(name, data)
            for name, data in zip(batch["name"].to_pylist(), batch["data"].to_pylist(), strict=True)
        ]
        return pa.Table.from_pylist(rows, schema=common.SCHEMA)


if __name__ == "__main__":
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False,
             runtime_env={"env_vars": {"PYTHONPATH": str(common.ROOT / "examples/engines")}})  # fmt: skip
    items = [{"name": name, "data": data} for name, data in common.inputs(copies)]
    start = time.perf_counter()
    # for folders and object stores: ray.data.read_binary_files(path, include_paths=True)
    pdfs = ray.data.from_arrow(pa.Table.from_pylist(items)).repartition(4)
    done = pdfs.map_batches(Extract, batch_format="pyarrow", batch_size=16, concurrency=2)
    common.report("ray", done.take_all(), time.perf_counter() - start)

"""Spark: `mapInArrow`. `python examples/engines/spark_arrow.py [COPIES]`."""

import os
import sys
import time
from collections.abc import Iterator

import common
import pyarrow as pa
from pyspark.sql import SparkSession

HERE = str(common.ROOT / "examples/engines")


def extract(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Runs in Spark's Python workers."""
    for batch in batches:
        rows = [
            common.answer(name, data)
            for name, data in zip(batch["name"].to_pylist(), batch["data"].to_pylist(), strict=True)
        ]
        yield pa.RecordBatch.from_pylist(rows, schema=common.SCHEMA)


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = HERE
    os.environ["PYSPARK_PYTHON"] = sys.executable
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "16")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    start = time.perf_counter()
    # for folders and object stores: spark.read.format("binaryFile").load(path)
    pdfs = spark.createDataFrame(list(common.inputs(copies)), "name string, data binary").repartition(4)
    fields = ", ".join(f"{f.name} {'long' if pa.types.is_int64(f.type) else 'string'}" for f in common.SCHEMA)
    done = pdfs.mapInArrow(extract, fields).collect()
    common.report("spark", [row.asDict() for row in done], time.perf_counter() - start)
    spark.stop()

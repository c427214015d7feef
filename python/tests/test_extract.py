"""Reading: every kind of input, and every kind of bad one."""

import io
import itertools
import subprocess
import sys
from pathlib import Path

import pytest

import yusuan


def test_path_bytes_and_file_give_the_same(sample: Path, doc: yusuan.Document) -> None:
    data = sample.read_bytes()
    with open(sample, "rb") as file:
        read = [yusuan.extract(str(sample)), yusuan.extract(file)]
    assert all(d.json == doc.json for d in read)
    for source in (data, bytearray(data), memoryview(data), io.BytesIO(data)):
        assert yusuan.extract(source, name=str(sample)).json == doc.json


def test_the_command_line_gives_the_same_json(sample: Path, doc: yusuan.Document) -> None:
    command = [sys.executable, "-c", "from yusuan._command import main; main()", "extract", str(sample)]
    ran = subprocess.run([*command, "--provenance", "cells", "--format", "ndjson"], capture_output=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == doc.json


def test_a_wrong_option_ends_the_command_with_2() -> None:
    command = [sys.executable, "-c", "from yusuan._command import main; main()", "--no-such-option"]
    assert subprocess.run(command, capture_output=True).returncode == 2


@pytest.mark.parametrize(
    ("source", "code"),
    [(b"", "empty"), (b"<!DOCTYPE html><html>", "not_pdf"), (b"%PDF-1.7\njunk", "damaged")],
)
def test_bytes_that_are_no_pdf_raise_with_a_code(source: bytes, code: str) -> None:
    with pytest.raises(yusuan.ExtractError) as caught:
        yusuan.extract(source, name="a.pdf")
    assert caught.value.code == code
    assert caught.value.name == "a.pdf"
    assert "hint" in str(caught.value)


@pytest.mark.parametrize("source", [None, 7, 1.5, [b"%PDF"], io.StringIO("text"), object()])
def test_a_wrong_type_is_a_type_error(source: object) -> None:
    with pytest.raises(TypeError):
        yusuan.extract(source)


def test_a_closed_file_and_a_missing_one_raise_as_python_does(tmp_path: Path) -> None:
    closed = io.BytesIO(b"")
    closed.close()
    with pytest.raises(ValueError, match="closed"):
        yusuan.extract(closed)
    with pytest.raises(FileNotFoundError):
        yusuan.extract(tmp_path / "none.pdf")


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_a_timeout_that_is_no_time_is_a_value_error(seconds: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        yusuan.extract(b"", timeout=seconds)


def test_many_keep_the_order_and_failures_are_values(sample: Path) -> None:
    inputs = [sample, ("junk", b"junk"), "none.pdf", ("again", sample.read_bytes()), 7, (1, b"")]
    results = list(yusuan.extract_many(inputs, jobs=2))
    assert [bool(r) for r in results] == [True, False, False, True, False, False]
    assert [r.name for r in results[:4]] == [str(sample), "junk", "none.pdf", "again"]
    codes = [r.code for r in results if isinstance(r, yusuan.Failure)]
    assert codes == ["not_pdf", "unreadable", "input", "input"]


def test_many_as_done_give_every_input_once(sample: Path) -> None:
    inputs = [(str(i), b"junk") for i in range(20)] + [("pdf", sample.read_bytes())]
    names = [r.name for r in yusuan.extract_many(inputs, jobs=2, ordered=False)]
    assert sorted(names) == sorted(name for name, _ in inputs)


def test_a_generator_that_raises_does_so_after_what_came_before() -> None:
    def inputs():
        yield "a", b"junk"
        raise RuntimeError("the source broke")

    many = yusuan.extract_many(inputs(), jobs=2)
    assert next(many).name == "a"
    with pytest.raises(RuntimeError, match="the source broke"):
        next(many)


def test_an_endless_generator_is_taken_only_as_far_as_needed() -> None:
    taken = itertools.count()
    many = yusuan.extract_many(((str(next(taken)), b"junk") for _ in itertools.count()), jobs=2)
    assert [next(many).name for _ in range(5)] == list("01234")
    many.close()
    assert next(taken) < 12


def test_wrong_calls_raise_at_once(sample: Path) -> None:
    for call in ({"inputs": str(sample)}, {"inputs": b"x"}, {"inputs": [], "nonsense": 1}, {"inputs": 7}):
        with pytest.raises(TypeError):
            yusuan.extract_many(**call)
    with pytest.raises(ValueError, match="jobs"):
        yusuan.extract_many([], jobs=-1)

"""Files, bytes and many of both → documents."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from ._document import Document
from ._yusuan import ExtractError, read_bytes


#: Largest file that is read, in bytes; that of the command line.
MAX_FILE = 512 << 20


@dataclass(frozen=True)
class Failure:
    """Why an input of :func:`extract_many` gave no document. It is false, documents are true."""

    name: str
    #: One word: `not_pdf`, `damaged`, `encrypted`, `timeout`, `unreadable`, `input` …
    code: str
    #: For a person, with what to do.
    message: str
    documents: tuple[Document, ...] = ()

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True)
class Result:
    """An input of :func:`extract_many` that gave documents."""

    name: str
    documents: tuple[Document, ...]
    #: What reading it took.
    seconds: float

    @property
    def document(self) -> Document:
        """The first document; nearly every file has one."""
        return self.documents[0]


def _error(name: str, code: str, message: str) -> ExtractError:
    error = ExtractError(f"{name}: {message}" if name else message)
    error.code, error.name = code, name
    return error


def _load(source: Any) -> tuple[str, bytes]:
    """Name and bytes of whatever a caller may give; `TypeError` and `ValueError` as Python's own functions raise them."""
    if isinstance(source, bytes):
        return "", source
    if isinstance(source, (bytearray, memoryview)):
        return "", bytes(source)
    if isinstance(source, (str, os.PathLike)):
        path = os.fsdecode(source)
        with open(path, "rb") as file:
            return path, _bounded(file)
    if hasattr(source, "read"):
        data = _bounded(source)
        name = getattr(source, "name", "")
        return name if isinstance(name, str) else "", data
    raise TypeError(f"a path, bytes or a binary file is needed, not {type(source).__name__}")


def _bounded(file: Any) -> bytes:
    data = file.read(MAX_FILE + 1)
    if not isinstance(data, bytes):
        raise TypeError(f"a file opened in binary mode is needed: read() gave {type(data).__name__}")
    if len(data) > MAX_FILE:
        raise ValueError("the file is larger than 512 MB")
    return data


def extract_all(
    source: Any,
    *,
    name: str | None = None,
    timeout: float | None = None,
    password: str | None = None,
    second_reader: bool = True,
    contacts: bool = False,
) -> tuple[Document, ...]:
    """All documents of one PDF: several departments in one file give several.

    `source` is a path, bytes, or a file opened in binary mode; `timeout` is in seconds (8 unless told, 0 for none).
    Raises :class:`ExtractError` where the file gives nothing, `OSError` where it cannot be read.
    """
    found, data = _load(source)
    name = found if name is None else name
    code, answer = read_bytes(data, name, timeout, password, second_reader, contacts)
    if code is not None:
        raise _error(name, code, str(answer))
    return tuple(Document(text) for text in answer)


def extract(source: Any, **options: Any) -> Document:
    """The (first) document of a PDF; see :func:`extract_all` for the options.

    Raises :class:`ExtractError` where the file gives nothing: its `code` says why in one word.
    """
    documents = extract_all(source, **options)
    if not documents:
        raise _error(str(options.get("name") or ""), "nothing", "no budget document is in the file")
    return documents[0]


def _one(item: Any, options: dict[str, Any]) -> Result | Failure:
    pair = isinstance(item, tuple) and len(item) == 2
    name, source = item if pair else (None, item)
    if pair and not isinstance(name, str):
        return Failure(repr(name), "input", "the name of a (name, bytes) pair should be a text")
    shown = name if name is not None else os.fsdecode(source) if isinstance(source, (str, os.PathLike)) else ""
    start = time.perf_counter()
    try:
        documents = extract_all(source, name=name, **options)
    except ExtractError as error:
        return Failure(shown, error.code, str(error))
    except OSError as error:
        return Failure(shown, "unreadable", str(error))
    except (TypeError, ValueError) as error:
        return Failure(shown, "input", str(error))
    return Result(shown, documents, time.perf_counter() - start)


def extract_many(
    inputs: Iterable[Any],
    *,
    jobs: int | None = None,
    ordered: bool = True,
    **options: Any,
) -> Iterator[Result | Failure]:
    """One :class:`Result` or :class:`Failure` for each input, in their order (or as they are done).

    `inputs` are paths, bytes, files, or `(name, bytes)` pairs; they are taken as they are needed, a few ahead, so that
    memory does not grow with their number. `jobs` are threads (all cores unless told); the interpreter's lock is free
    while they read. What `inputs` itself raises is raised here, after the results of what came before. `options` are
    those of :func:`extract_all`.
    """
    jobs = jobs or os.cpu_count() or 1
    if jobs < 1:
        raise ValueError("jobs should be at least 1")
    if isinstance(inputs, (str, bytes, os.PathLike)):
        raise TypeError("several inputs are needed; for one use extract()")
    unknown = set(options) - {"timeout", "password", "second_reader", "contacts"}
    if unknown:
        raise TypeError(f"unknown option: {', '.join(sorted(unknown))}")
    return _many(iter(inputs), jobs, ordered, options)


def _many(inputs: Iterator[Any], jobs: int, ordered: bool, options: dict[str, Any]) -> Iterator[Result | Failure]:
    # two for each thread: one that is read, one that waits or is to be fetched
    ahead = 2 * jobs
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="yusuan")
    running: deque[Future[Result | Failure]] = deque()
    raised: BaseException | None = None
    try:
        while True:
            while raised is None and len(running) < ahead:
                try:
                    item = next(inputs)
                except StopIteration as end:
                    raised = end
                except Exception as error:
                    raised = error
                else:
                    running.append(pool.submit(_one, item, options))
            if not running:
                break
            if ordered:
                yield running.popleft().result()
            else:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    running.remove(future)
                    yield future.result()
        if raised is not None and not isinstance(raised, StopIteration):
            raise raised
    finally:
        # also when the caller stops early or Ctrl-C comes: nothing new is begun, nobody waits
        pool.shutdown(wait=False, cancel_futures=True)

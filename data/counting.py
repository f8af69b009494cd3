"""How many records a text file holds, from its bytes: no reader may lose one without a word.

A reader that mistakes a quote skips rows and does not say so. Counting lines is enough for most files; the others are
counted by where RFC 4180 has quotes; what is written in another way is counted by the careful reader.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data.errors import LogError
from data.source import CHUNK, Source

NEWLINE, RETURN, QUOTE = b'\n\r"'


@dataclass(frozen=True, slots=True)
class Survey:
    """What one look at a file's bytes says: the SHA-256 of what lies on the disk, and how many lines that is as text.

    `lines` is None where line feeds alone do not say it.
    """

    digest: bytes
    lines: int | None


def survey(source: Source, encoding: str) -> Survey:
    """Look a file through; `LogError` when it is compressed and cut short or damaged."""
    with source.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    if source.format == "parquet":
        return Survey(digest, None)
    try:
        lines = _lines(source)
    except OSError as error:
        raise LogError(
            f"{source.name} is cut short or damaged ({error}). Copy or export it again; nothing was loaded."
        ) from None
    return Survey(digest, lines if "\n\n".encode(encoding).endswith(b"\n\n") else None)


def _lines(source: Source) -> int | None:
    lines = lone_returns = 0
    last = b"\n"
    with source.open_bytes() as file:
        while chunk := file.read(CHUNK):
            lines += int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == NEWLINE))
            if b"\r" in chunk or last == b"\r":
                lone_returns += chunk.count(b"\r") - (last + chunk).count(b"\r\n")
            last = chunk[-1:]
    return None if lone_returns else lines + (last != b"\n")


def count_records(source: Source, *, delimiter: str, skip: int) -> int | None:
    """The records after some lines, blank ones left out; None where a quote stands that RFC 4180 does not have there.

    Only for files without lone carriage returns. Without a delimiter, every line is a record.
    """
    opens = np.frombuffer(f'\n"{delimiter}'.encode(), np.uint8)
    closes = np.frombuffer(f'\r\n"{delimiter}'.encode(), np.uint8)
    records = inside = 0
    for block in _blocks(source, skip):
        data = np.frombuffer(b"\n" + block, np.uint8)
        ends = np.flatnonzero(data == NEWLINE)
        quotes = np.flatnonzero(data == QUOTE) if delimiter else ends[:0]
        # Quotes open and close in turn, if each of them stands where it may do so.
        opening, closing = quotes[inside::2], quotes[1 - inside :: 2]
        if not (np.isin(data[opening - 1], opens).all() and np.isin(data[closing + 1], closes).all()):
            return None
        starts, ends = ends[:-1] + 1, ends[1:]
        blank = (ends == starts) | ((ends == starts + 1) & (data[starts] == RETURN))
        outside = (np.searchsorted(quotes, ends) + inside) % 2 == 0
        records += int(np.count_nonzero(outside & ~blank))
        inside = (inside + quotes.size) % 2
    return None if inside else records


def _blocks(source: Source, skip: int) -> Iterator[bytes]:
    """The bytes after some lines, in pieces of whole lines."""
    with source.open_bytes() as file:
        for _ in range(skip):
            file.readline()
        while block := file.read(CHUNK) + file.readline():
            yield block if block.endswith(b"\n") else block + b"\n"

"""Which files a load reads, and their bytes and lines."""

import codecs
import glob
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import pyarrow as pa

from data.errors import LogError

Format = Literal["csv", "tsv", "jsonl", "parquet"]

FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
PACKED = {".gz": "gzip", ".zst": "zstd"}
CHUNK = 1 << 20
# How many skipped files are named.
LISTED = 20


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a load. `name` is what a person called it; `compression` is that of the whole file."""

    path: Path
    name: str
    format: Format
    compression: Literal["none", "gzip", "zstd"]

    def open_bytes(self) -> IO[bytes]:
        """The uncompressed bytes."""
        if self.compression == "none":
            return self.path.open("rb")
        return io.BufferedReader(pa.input_stream(str(self.path), compression=self.compression), CHUNK)

    def open_text(self, encoding: str, *, errors: str = "strict") -> io.TextIOWrapper:
        """The uncompressed text, with its line endings as they are and without a byte order mark."""
        name = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        return io.TextIOWrapper(self.open_bytes(), encoding=name, errors=errors, newline="")


def find_sources(given: Sequence[str | Path]) -> tuple[Source, ...]:
    """The files that paths, globs and folders name, in that order and sorted within each; every file once."""
    found: dict[Path, Source] = {}
    for each in given:
        for path in _paths(str(each)):
            found.setdefault(path.resolve(), _source(path))
    if not found:
        raise LogError("No file was named. Name at least one file, folder or pattern.")
    return tuple(found.values())


def skipped(given: Sequence[str | Path]) -> Iterator[str]:
    """What is in the folders and cannot be loaded: a sentence a folder."""
    for folder in filter(Path.is_dir, map(Path, given)):
        visible = (each for each in _files(folder) if not each.name.startswith("."))
        if unknown := [str(each.relative_to(folder)) for each in visible if _format(each) is None]:
            more = f" and {len(unknown) - LISTED} more" if len(unknown) > LISTED else ""
            yield f"Skipped in {folder}, because their endings are unknown: {', '.join(unknown[:LISTED])}{more}."


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def _paths(given: str) -> list[Path]:
    path = Path(given)
    if path.is_file():
        return [path]
    if path.is_dir():
        inside = [each for each in _files(path) if _format(each) is not None]
        if not inside:
            raise LogError(f"The folder {path} holds nothing that can be loaded ({_known()}).")
        return inside
    if glob.has_magic(given):
        matched = [Path(each) for each in sorted(glob.glob(given, recursive=True))]  # noqa: PTH207 - absolute patterns too
        if files := [each for each in matched if each.is_file()]:
            return files
        raise LogError(f"No file matches {given}.")
    raise LogError(f"There is no file {given}.")


def _source(path: Path) -> Source:
    kind = _format(path)
    if kind is None:
        raise LogError(f"{path} has an unknown ending. Known are {_known()}.")
    if path.stat().st_size == 0:
        raise LogError(f"{path} is empty (0 bytes). Export it again.")
    packed = PACKED.get(path.suffix.lower(), "none")
    return Source(path, str(path), kind, packed)  # type: ignore[arg-type]


def _format(path: Path) -> Format | None:
    if path.name.startswith("."):
        return None
    ending = path.suffix.lower()
    if ending in PACKED:
        inner = FORMATS.get(Path(path.stem).suffix.lower())
        return inner if inner != "parquet" else None
    return FORMATS.get(ending)


def _known() -> str:
    return f"{', '.join(FORMATS)}, and the text ones with {' or '.join(PACKED)}"


def check_encoding(source: Source, encoding: str) -> None:
    """`LogError` when a text file is plainly not in the encoding that was declared for it."""
    with source.open_bytes() as file:
        start = file.read(4)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if wide and codecs.lookup(encoding).name == "utf-8":
        raise LogError(f'{source.name} is in UTF-16, not UTF-8. Put  encoding = "utf-16"  in a mapping.')


def wrong_encoding(source: Source, encoding: str) -> LogError:
    """What to say of a file whose bytes are not in that encoding; it names the first line where they are not."""
    line = 1
    decoder = codecs.getincrementaldecoder(encoding)()
    with source.open_bytes() as file:
        for line, text in enumerate(file, start=1):  # noqa: B007 - the line that fails is the answer
            try:
                decoder.decode(text)
            except UnicodeDecodeError:
                break
    return LogError(
        f"{source.name}, line {line}, is not valid {encoding.upper()}. "
        'If the file is in another encoding, put for instance  encoding = "latin-1"  in a mapping.'
    )

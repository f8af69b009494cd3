"""Which files a load reads, and their bytes and lines."""

import codecs
import glob
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import IO, Literal
from urllib.parse import unquote

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
# What Hive and its heirs write where a partition has no value.
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a load. `name` is what a person called it; `compression` is that of the whole file.

    `version` tells one state of the file from the next. `fetch` brings to `path` what lies elsewhere. `ordered`: a
    row has the same place whenever it is read, unlike those of a query.
    """

    path: Path
    name: str
    format: Format
    compression: Literal["none", "gzip", "zstd"]
    version: str = ""
    fetch: Callable[[], None] | None = field(default=None, compare=False, repr=False)
    ordered: bool = True

    @property
    def address(self) -> str:
        """Where the file lies, the same from every folder."""
        return self.name if is_url(self.name) else str(self.path.resolve())

    @property
    def partitions(self) -> dict[str, str | None]:
        """What the folders above a Parquet file say of all its rows, as in `day=2026-01-31/part-0.parquet`."""
        if self.format != "parquet" or not self.ordered:
            return {}
        pairs = (folder.partition("=") for folder in PurePath(self.address).parent.parts if "=" in folder)
        return {unquote(name): None if value == NO_VALUE else unquote(value) for name, _, value in pairs}

    def open_bytes(self) -> IO[bytes]:
        """The uncompressed bytes."""
        if self.compression == "none":
            return self.path.open("rb")
        return io.BufferedReader(pa.input_stream(str(self.path), compression=self.compression), CHUNK)

    def open_text(self, encoding: str, *, errors: str = "strict") -> io.TextIOWrapper:
        """The uncompressed text, with its line endings as they are and without a byte order mark."""
        name = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        return io.TextIOWrapper(self.open_bytes(), encoding=name, errors=errors, newline="")


def is_url(given: str | Path) -> bool:
    """Whether that is an address, and no path on this machine."""
    return "://" in str(given)


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
        yield from unknown_endings(str(folder), (str(each.relative_to(folder)) for each in _files(folder)))


def unknown_endings(folder: str, names: Iterable[str]) -> Iterator[str]:
    """Which of a folder's files have endings that say nothing to us: one sentence, or none."""
    visible = (name for name in names if not PurePath(name).name.startswith("."))
    if unknown := [name for name in visible if format_of(PurePath(name)) is None]:
        more = f" and {len(unknown) - LISTED} more" if len(unknown) > LISTED else ""
        yield f"Skipped in {folder}, because their endings are unknown: {', '.join(unknown[:LISTED])}{more}."


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def _paths(given: str) -> list[Path]:
    path = Path(given)
    if path.is_file():
        return [path]
    if path.is_dir():
        inside = [each for each in _files(path) if format_of(each) is not None]
        if not inside:
            raise LogError(f"The folder {path} holds nothing that can be loaded ({known_endings()}).")
        return inside
    if glob.has_magic(given):
        matched = [Path(each) for each in sorted(glob.glob(given, recursive=True))]  # noqa: PTH207 - absolute patterns too
        if files := [each for each in matched if each.is_file()]:
            return files
        raise LogError(f"No file matches {given}.")
    raise LogError(f"There is no file {given}.")


def _source(path: Path) -> Source:
    state = path.stat()
    return source_of(path, str(path), size=state.st_size, version=f"{state.st_size} bytes {state.st_mtime_ns}")


def source_of(path: Path, name: str, *, size: int, version: str, fetch: Callable[[], None] | None = None) -> Source:
    """A file by its name; `LogError` when its ending says nothing to us, or when it is empty."""
    kind = format_of(PurePath(name))
    if kind is None:
        raise LogError(f"{name} has an unknown ending. Known are {known_endings()}.")
    if size == 0:
        raise LogError(f"{name} is empty (0 bytes). Export it again.")
    packed = PACKED.get(PurePath(name).suffix.lower(), "none")
    return Source(path, name, kind, packed, version, fetch)  # type: ignore[arg-type]


def format_of(path: PurePath) -> Format | None:
    """The format that a file's ending tells; None for hidden files and unknown endings."""
    if path.name.startswith("."):
        return None
    ending = path.suffix.lower()
    if ending in PACKED:
        inner = FORMATS.get(PurePath(path.stem).suffix.lower())
        return inner if inner != "parquet" else None
    return FORMATS.get(ending)


def known_endings() -> str:
    """The endings that can be loaded, for a sentence."""
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

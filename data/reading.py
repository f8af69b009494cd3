"""One file of a load: read, cleaned, appended to its table, and its rows at fault put into the quarantine."""

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import duckdb
import polars as pl

from data import landing, quarantine
from data.cleaning import FAULTS, Cleaner
from data.contract import Table
from data.layout import Layout
from data.locating import located
from data.mapping import Mapping as LogMapping
from data.marks import Marks
from data.parsing import Batches, UnsoundFileError, careful_batches, fast_batches
from data.store import Writer
from data.typed import typed_rows

# Called with the file that is being read and how many rows of the load have been read so far.
Progress = Callable[[str, int], None]


@dataclass(slots=True)
class Run:
    """One load while it runs. `place` is that of the newest row read, `starts` what it was before every file.

    `unnamed`: how many reviews came without an id; `naive`: whether a time came without an offset; `contested`: which
    reviewers are to be set aside, and why; `reached`: the marks that the load will have moved; `forgotten`: the day
    whose earlier rows were forgotten.
    """

    writer: Writer
    table: Table
    mapping: LogMapping
    now: dt.datetime
    labels: tuple[str, ...]
    place: int
    progress: Progress
    forgotten: dt.date | None = None
    read: int = 0
    unnamed: int = 0
    naive: bool = False
    contested: Mapping[str, str] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reached: Marks = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """Where naive times were taken to be."""
        return self.mapping.zone or "UTC"


@dataclass(slots=True)
class _Pass:
    """One reading of one file: what it found so far."""

    sound: int = 0
    broken: int = 0
    unnamed: int = 0
    naive: bool = False
    trusted: bool = True
    faults: list[pl.DataFrame] = field(default_factory=list)


def read_file(run: Run, layout: Layout, columns: Mapping[str, str]) -> None:
    """Read a file: as it is where its types are ours, else as texts."""
    run.starts.append(run.place)
    found = _read_typed(run, layout, columns) or _read_texts(run, layout, columns)
    run.read += found.sound + found.broken
    run.unnamed += found.unnamed
    run.naive |= found.naive
    run.place += found.sound


def _read_typed(run: Run, layout: Layout, columns: Mapping[str, str]) -> _Pass | None:
    """Read a file by DuckDB alone, but for the rows that it doubts; None when that needs other types than it has."""
    connection, present = run.writer.connection, tuple(columns)
    if not _has_no_lines(layout):
        return None
    try:
        rows = typed_rows(connection, layout, columns, _cleaner(run, present))
        if rows is None:
            return None
        found = _Pass(unnamed=rows.unnamed, naive=rows.naive)
        for piece in rows.pieces(run.place):
            found.sound += landing.insert(connection, run.table, present=present, rows=piece)
            run.progress(layout.source.name, run.read + found.sound)
    except duckdb.Error:
        # What is to blame is the file, which reading it once more will tell, or else where the rows were to land.
        deque(fast_batches(connection, layout, columns), maxlen=0)
        raise
    if found.sound == rows.rows:
        return found
    return _read(run, layout, columns, fast_batches(connection, layout, columns, where=rows.doubted), found)


def _read_texts(run: Run, layout: Layout, columns: Mapping[str, str]) -> _Pass:
    """Read a file the fast way, and again the careful way when the first cannot be trusted."""
    connection, name = run.writer.connection, layout.source.name
    careful = layout.shape is not None
    batches = careful_batches(layout, columns) if careful else fast_batches(connection, layout, columns)
    found = _read(run, layout, columns, batches, _Pass())
    if not found.trusted:
        landing.remove(connection, run.table, after=run.place)
        quarantine.forget(connection, file=name)
        run.notes.append(
            f"{name} was read by the slower, careful reader: its quotes, line endings or encoding need it."
        )
        found = _read(run, layout, columns, careful_batches(layout, columns), _Pass())
        if not found.trusted:
            raise RuntimeError(f"{name} was counted differently in two readings")
    return found


def _read(run: Run, layout: Layout, columns: Mapping[str, str], batches: Batches, found: _Pass) -> _Pass:
    """Land what batches hold and quarantine the rest; what was found, together with what had been found before."""
    cleaner = _cleaner(run, tuple(columns))
    frames = _cleaned(run, layout, cleaner, batches, found)
    found.unnamed += landing.append(run.writer.connection, run.table, present=tuple(columns), frames=frames)
    faults = pl.concat(found.faults) if found.faults else pl.DataFrame(schema=FAULTS)
    if not found.trusted or not (found.broken or faults.height):
        return found
    if _has_no_lines(layout):
        lines: Iterable[pl.DataFrame] = [faults.with_columns(line=pl.col("row") + 1)]
    else:
        lines = located(layout, faults, sound=found.sound, broken=found.broken)
    try:
        quarantine.add(run.writer.connection, lines, source=layout.source)
    except UnsoundFileError:
        found.trusted = False
    return found


def _cleaner(run: Run, present: tuple[str, ...]) -> Cleaner:
    said = run.mapping
    return Cleaner(
        run.table,
        present,
        run.zone,
        run.now,
        labels=run.labels,
        renames=said.values,
        times=said.times,
        contested=run.contested,
        forgotten=run.forgotten,
    )


def _cleaned(run: Run, layout: Layout, cleaner: Cleaner, batches: Batches, found: _Pass) -> Iterator[pl.DataFrame]:
    """The good rows of each batch with their places; everything else about the batches goes into `found`."""
    while True:
        try:
            batch = next(batches)
        except StopIteration as stop:
            found.broken = stop.value
            return
        except UnsoundFileError:
            # Raised through DuckDB's insert, it would end the transaction.
            found.trusted = False
            return
        counted = pl.int_range(found.sound, found.sound + batch.height, eager=True)
        places = batch.get_column("row", default=counted)
        batch = batch.drop("row", strict=False)
        good, faults, naive = cleaner.clean(batch)
        found.naive |= naive
        if faults.height:
            found.faults.append(_with_text(faults, batch, layout).with_columns(row=places.gather(faults["row"])))
        yield good.with_columns(sequence=places.gather(good["row"]) + run.place + 1)
        found.sound += batch.height
        run.progress(layout.source.name, run.read + found.sound)


def _with_text(faults: pl.DataFrame, batch: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The faults; with the rows' text when their file has no lines in which to find it."""
    if not _has_no_lines(layout):
        return faults
    texts = batch[faults["row"].to_list()].select(raw=pl.struct(pl.all()).struct.json_encode())
    return faults.hstack(texts)


def _has_no_lines(layout: Layout) -> bool:
    return layout.source.format == "parquet" and layout.shape is None

"""What a load reads: files as they were named, or the answer of a database; all of it, or only what is new."""

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from data import marks
from data.databases import Query, answer
from data.errors import LogError
from data.marks import HighWater
from data.reading import Run
from data.remote import objects, shown
from data.source import Source, find_sources, is_url, skipped

Which = Query | Literal["all", "new"]


@dataclass(frozen=True, slots=True)
class Files:
    """Files, some of them elsewhere as yet, and what is to be said of them. `new`: each state of a file only once."""

    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    new: bool

    def take(self, run: Run) -> tuple[Source, ...]:
        """The files to read, all of them here; the run learns what to say and which marks to set."""
        before = marks.known(run.writer.connection, run.table.name) if self.new else {}
        sources = tuple(each for each in self.sources if before.get((each.address, "")) != each.version)
        run.notes.extend(self.notes)
        if left := len(self.sources) - len(sources):
            run.notes.append(f"{left} of {len(self.sources)} files were left out: they were loaded as they are before.")
        if self.new:
            run.reached = {(each.address, ""): each.version for each in sources}
        for source in sources:
            if source.fetch:
                run.progress(source.name, 0)
                source.fetch()
        return sources


@dataclass(frozen=True, slots=True)
class Question:
    """A query to a database, whose answer comes to a folder. With a `since` column, from its mark on."""

    url: str
    query: Query
    spool: Path

    def take(self, run: Run) -> tuple[Source, ...]:
        """The answer as a file; the run learns what to say and which mark to set."""
        run.notes.append(f"The query was: {' '.join(self.query.text.split())}")
        if self.query.since is None:
            sql = marks.newer(self.query.text)
            return (answer(self.url, sql, self.spool, watch=lambda _piece: None, progress=run.progress),)
        key = (shown(self.url), f"{self.query.text} since {self.query.since}")
        mark = marks.known(run.writer.connection, run.table.name).get(key)
        start = mark and marks.less(mark, self.query.overlap)
        if start:
            run.notes.append(f"It was asked for {self.query.since} from {start} on, and for rows without one.")
        high = HighWater(self.query.since, run.now.replace(tzinfo=dt.UTC).astimezone(zoneinfo.ZoneInfo(run.zone)))
        sql = marks.newer(self.query.text, self.query.since, start)
        source = answer(self.url, sql, self.spool, watch=high.watch, progress=run.progress)
        if high.reached is not None:
            run.reached = {key: marks.mark_text(high.reached)}
            # An overlap that does not fit is told at once, not when it is needed first.
            marks.less(run.reached[key], self.query.overlap)
        return (source,)


def intake(given: Sequence[str | Path], which: Which, *, spool: Path) -> Files | Question:
    """What a load will read; `LogError` when it was named wrongly. What lies elsewhere is brought to `spool` later."""
    if isinstance(which, Query):
        if len(given) != 1 or not is_url(given[0]):
            raise LogError("--query asks one database: name its address alone, such as postgresql://host/database.")
        if which.overlap and not which.since:
            raise LogError("--overlap says how far to go back behind --since: name that column, too.")
        return Question(str(given[0]), which, spool)
    found: dict[Path, Source] = {}
    notes: list[str] = []
    for each in given:
        sources, said = objects(str(each), spool) if is_url(each) else (find_sources([each]), skipped([each]))
        notes += said
        for source in sources:
            found.setdefault(source.path.resolve(), source)
    if not found:
        raise LogError("No file was named. Name at least one file, folder or pattern.")
    return Files(tuple(found.values()), tuple(notes), new=which == "new")

"""One load: files into a table of a workspace, every row landed or quarantined, all of it or nothing."""

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from data import in_force, landing, ledger, marks, quarantine
from data.cleaning import DATED, FORGOTTEN
from data.contract import TABLES, Table
from data.counting import Survey, survey
from data.errors import LogError
from data.intake import Which, intake
from data.layout import Layout, read_layout
from data.mapping import Mapping as LogMapping
from data.mapping import check_formats
from data.matching import resolve
from data.reading import Progress, Run, read_file
from data.report import LoadReport
from data.settling import Settled, settle
from data.source import Source, check_encoding
from data.store import Writer, writing
from data.teams import contested
from data.tidying import SPILL

# A file's layout, and which of its columns feeds which of ours.
_Plan = tuple[Layout, Mapping[str, str]]


def load(
    workspace: str | Path,
    table: str,
    sources: Sequence[str | Path],
    *,
    mapping: LogMapping | None = None,
    which: Which = "all",
    now: dt.datetime | None = None,
    progress: Progress = lambda _file, _rows: None,
    then: Callable[[Writer], None] = lambda _writer: None,
) -> LoadReport:
    """Load files into a table. All files are one load: it happens whole, or not at all after a `LogError`.

    Loading the same rows again changes nothing. `which` rows: of all files, of those new since the last load of new
    ones, or of a query, to the database that is the one source. A time after `now` lies in the future. What changed
    the store is published together with what `then` makes of it.
    """
    started = time.monotonic()
    began_at = dt.datetime.now(dt.UTC)
    known = _table(table)
    mapping = check_formats(mapping or LogMapping())
    wanted = intake(sources, which, spool=Path(workspace) / SPILL)
    with writing(workspace) as writer:
        run = _begun(writer, known, mapping, now or began_at, progress)
        surveys = {source: _survey(source, mapping) for source in wanted.take(run)}
        plans = [_plan(run, source, survey.lines) for source, survey in surveys.items()]
        report = _finish(_read(run, plans), plans, _digest(surveys.values()), began_at, started)
        if writer.changed:
            then(writer)
        return report


def _table(name: str) -> Table:
    if name not in TABLES:
        raise LogError(f"There is no table {name!r}. The tables are {', '.join(TABLES)}.")
    return TABLES[name]


def _begun(writer: Writer, table: Table, mapping: LogMapping, now: dt.datetime, progress: Progress) -> Run:
    quarantine.prepare(writer.connection)
    moment = now.astimezone(dt.UTC).replace(tzinfo=None)
    place = landing.last_sequence(writer.connection, table)
    ((forgotten,),) = writer.connection.execute("select max(before) from forgotten").fetchall()
    return Run(writer, table, mapping, moment, _labels(writer), place, progress, forgotten)


def _survey(source: Source, mapping: LogMapping) -> Survey:
    found = survey(source, mapping.encoding)
    check_encoding(source, mapping.encoding)
    return found


def _digest(surveys: Iterable[Survey]) -> str:
    """The SHA-256 of the files' SHA-256, in order."""
    return hashlib.sha256(b"".join(survey.digest for survey in surveys)).hexdigest()


def _plan(run: Run, source: Source, lines: int | None) -> _Plan:
    layout = read_layout(run.writer.connection, source, run.mapping, lines=lines)
    columns = resolve(run.mapping, run.table, layout.names, file=source.name)
    dated = DATED.get(run.table.name)
    if run.forgotten and dated and dated not in columns:
        raise LogError(
            f"{source.name} needs {dated}: without it, rows of before {run.forgotten}, {FORGOTTEN}, may return."
        )
    return layout, columns


def _read(run: Run, plans: Sequence[_Plan]) -> Run:
    """The run with every file read; once more where it puts reviewers in several teams, to set these rows aside."""
    begun = replace(run, starts=[], notes=list(run.notes))
    landing.narrow(run.writer.connection, run.table, present={ours for _, columns in plans for ours in columns})
    _read_files(run, plans)
    said = contested(run.writer.connection, after=begun.place) if run.table.name == "reviewers" else {}
    if not said:
        return run
    landing.remove(run.writer.connection, run.table, after=begun.place)
    quarantine.prepare(run.writer.connection)
    return _read_files(replace(begun, contested=said), plans)


def _read_files(run: Run, plans: Sequence[_Plan]) -> Run:
    for layout, columns in plans:
        read_file(run, layout, columns)
    return run


def _labels(writer: Writer) -> tuple[str, ...]:
    rows = writer.connection.execute("select label from labels order by severity, label").fetchall()
    return tuple(label for (label,) in rows)


def _finish(run: Run, plans: Sequence[_Plan], content: str, began_at: dt.datetime, started: float) -> LoadReport:
    """Settle the rows, and keep the quarantine and the ledger, if anything is new."""
    connection, table = run.writer.connection, run.table
    used = {ours for _, columns in plans for ours in columns}
    present = [name for name in table.names if name in used]
    settled = settle(
        connection,
        table,
        present=present,
        starts=run.starts or [run.place],
        unnamed=run.unnamed,
        generation=run.writer.generation,
    )
    load_id = ledger.next_id(connection)
    held = quarantine.keep(connection, table.name, load_id=load_id, digest=content)
    moved = marks.keep(connection, table.name, run.reached, load_id=load_id)
    run.writer.changed = held or moved or bool(settled.inserted or settled.replaced)
    if run.mapping.zone is None and run.naive:
        run.notes.append("Times without an offset were taken to be UTC: the mapping declares no zone.")
    run.notes.extend(in_force.notes(connection, table.name, used))
    report = _report(run, plans, present, settled, time.monotonic() - started)
    if report.read != report.loaded + report.unchanged + report.quarantined:
        raise RuntimeError(f"rows of a load do not add up: {report}")
    if run.writer.changed:
        ledger.record(connection, report, digest=content, began_at=began_at)
    return report


def _report(run: Run, plans: Sequence[_Plan], present: Sequence[str], settled: Settled, seconds: float) -> LoadReport:
    reasons = quarantine.reasons(run.writer.connection)
    return LoadReport(
        table=run.table.name,
        files=tuple(layout.source.name for layout, _ in plans),
        read=run.read,
        inserted=settled.inserted,
        replaced=settled.replaced,
        unchanged=settled.unchanged,
        quarantined=sum(reasons.values()),
        unmapped=_unmapped(plans),
        missing=tuple(name for name in run.table.names if name not in present),
        zone=run.zone,
        notes=tuple(run.notes),
        seconds=seconds,
        generation=run.writer.generation - (not run.writer.changed),
        reasons=reasons,
        first_quarantined=quarantine.first_rows(run.writer.connection),
    )


def _unmapped(plans: Sequence[_Plan]) -> tuple[str, ...]:
    used = {theirs for _, columns in plans for theirs in columns.values()}
    return tuple(dict.fromkeys(name for layout, _ in plans for name in layout.names if name and name not in used))

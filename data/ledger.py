"""The ledger: one row for every load that changed the store, published together with its rows."""

import datetime as dt

import duckdb
import polars as pl

from data.report import LoadReport
from data.schema import number


def next_id(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the load that is running."""
    return number(connection, "select coalesce(max(load_id), 0) + 1 from loads")


def record(connection: duckdb.DuckDBPyConnection, report: LoadReport, *, digest: str, began_at: dt.datetime) -> None:
    """The load's row in the ledger, published together with its rows."""
    values = {
        "load_id": next_id(connection),
        "table_name": report.table,
        "files": ", ".join(report.files),
        "digest": digest,
        "started_at": began_at.replace(tzinfo=None),
        "finished_at": dt.datetime.now(dt.UTC).replace(tzinfo=None),
        "rows_read": report.read,
        "inserted": report.inserted,
        "replaced": report.replaced,
        "unchanged": report.unchanged,
        "quarantined": report.quarantined,
        "declared_zone": report.zone,
        "unmapped": ", ".join(report.unmapped),
        "missing": ", ".join(report.missing),
        "notes": " ".join(report.notes),
    }
    row = pl.DataFrame([values]).to_arrow()
    connection.register("ledger_row", row)
    connection.execute("insert into loads by name from ledger_row")
    connection.unregister("ledger_row")

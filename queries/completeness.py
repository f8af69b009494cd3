"""How complete the log is: rows and filled columns of every table of the contract."""

import polars as pl

from data.contract import TABLES
from data.engine import Engine


def completeness(engine: Engine) -> pl.DataFrame:
    """One row per table and column of the contract: `table, column, rows, filled`.

    The statements are built from the contract, so that a new column needs no new query. A column that the store of an
    older Evenhand lacks is as good as empty.
    """
    stored = set(engine.fetch("select table_name, column_name from information_schema.columns", {}).iter_rows())
    rows = []
    for table in TABLES.values():
        filled = ", ".join(
            f'count("{name}") as "{name}"' if (table.name, name) in stored else f'0 as "{name}"' for name in table.names
        )
        counts = engine.fetch(f"select count(*) as all_rows, {filled} from {table.name}", {}).row(0, named=True)  # noqa: S608 - names of the contract
        rows += [
            {"table": table.name, "column": name, "rows": counts["all_rows"], "filled": counts[name]}
            for name in table.names
        ]
    return pl.DataFrame(rows)

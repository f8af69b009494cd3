"""What the checks of the log found, and what the rows that they doubt do to the headline."""

from dataclasses import replace

import polars as pl

from dashboard import doubts
from dashboard.measure import Source, headline
from queries.checking import CHECKS, Check, run_checks
from queries.filters import Filters

_EFFECT = {
    "check": pl.String,
    "metric": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "value_without": pl.Float64,
    "n_without": pl.Int64,
    "note_without": pl.String,
}


def checked(source: Source, complete: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The `checks` that doubt rows, their `effects` on the headline, those that `found_nothing`, those `not_run`.

    `complete` is the completeness of the tables. All is over the whole log, with the workspace's rule for repeats.
    """
    ran = run_checks(source.engine, complete)
    doubting = ran.filter(pl.col("doubted_rows") > 0)
    effects = _effects(source, [CHECKS[name] for name in doubting["check"] if CHECKS[name].doubts_reviews])
    clean = ran.filter(pl.col("doubted_rows") == 0)["check"].to_list()
    unable = ran.filter(pl.col("judged_rows").is_null())
    return {
        "checks": _described(doubting, effects),
        "effects": effects,
        "found_nothing": pl.DataFrame({"checks": [len(clean)], "which": [[CHECKS[name].title for name in clean]]}),
        "not_run": unable.select(_titles(unable).alias("check"), "needs"),
    }


def catalogue() -> pl.DataFrame:
    """Every check in one line: which rows it doubts, and what it needs to say so."""
    rows = [(check.table, check.title, ", ".join(check.needs)) for check in CHECKS.values()]
    return pl.DataFrame(rows, schema=["table", "doubts", "needs"], orient="row")


def _described(doubting: pl.DataFrame, effects: pl.DataFrame) -> pl.DataFrame:
    """The checks in a reader's words, each with what it does to the headline."""
    checks = [CHECKS[name] for name in doubting["check"]]
    said = [_headline(check, effects.filter(pl.col("check") == check.name)) for check in checks]
    return doubting.select(
        "check",
        pl.Series("table", [check.table for check in checks], dtype=pl.String),
        _titles(doubting),
        rows="doubted_rows",
        of="judged_rows",
        share=pl.col("doubted_rows") / pl.col("judged_rows"),
        headline=pl.Series(said, dtype=pl.String),
        examples="examples",
        items="items",
    )


def _titles(checks: pl.DataFrame) -> pl.Series:
    return pl.Series("title", [CHECKS[name].title for name in checks["check"]], dtype=pl.String)


def _headline(check: Check, effects: pl.DataFrame) -> str:
    if check.are_set_aside:
        return "set aside at load, so not in the headline"
    return doubts.without(effects) if check.doubts_reviews else "does not enter the headline"


def _effects(source: Source, checks: list[Check]) -> pl.DataFrame:
    """One row per check and metric of the headline: as it is, and without the reviews that the check doubts."""
    if not checks:
        return pl.DataFrame(schema=_EFFECT)
    everything = Filters(since=source.engine.forgotten, repeats=source.settings.repeats)
    whole = headline(source, everything).drop("note")
    parts = []
    for check in checks:
        rest = headline(source, replace(everything, without=(check.name,))).select("metric", "value", "n", "note")
        parts.append(
            whole.join(rest, on="metric", suffix="_without", maintain_order="left").with_columns(
                check=pl.lit(check.name)
            )
        )
    return pl.concat(parts).rename({"note": "note_without"}).select(*_EFFECT)

"""What the checks of the log found, and what the rows that they doubt do to the headline and to audited accuracy."""

from dataclasses import replace

import polars as pl

from dashboard import doubts
from dashboard.measure import Source, fetch_counts, headline, measured
from metrics.audit_tables import COUNTED
from metrics.catalogue import CATALOGUE
from metrics.options import Options
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
    doubted = [CHECKS[name] for name in doubting["check"]]
    effects = pl.concat(
        [
            _effects(source, [check for check in doubted if check.doubts_reviews]),
            _effects_of_audits(source, [check for check in doubted if check.standing]),
        ]
    )
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
    if check.standing and check.standing not in COUNTED:
        return f"they do not count; {doubts.changed(effects, who='with them')}"
    return doubts.changed(effects) if check.doubts_reviews or check.standing else "does not enter the headline"


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


def _effects_of_audits(source: Source, checks: list[Check]) -> pl.DataFrame:
    """One row per check: audited accuracy as it is, and with the audits that do not count, or without those that do."""
    if not checks:
        return pl.DataFrame(schema=_EFFECT)
    metric, everything = CATALOGUE["audit_accuracy"], Filters(since=source.engine.forgotten)
    counts = fetch_counts(source, metric, everything, by=(), options=Options())
    whole = measured(source, metric, counts, options=Options())
    rows = []
    for check in checks:
        is_doubted = pl.col("standing") == check.standing
        others = (
            counts.filter(~is_doubted)
            if check.standing in COUNTED
            else counts.with_columns(standing=pl.when(is_doubted).then(pl.lit("drawn")).otherwise("standing"))
        )
        rest = measured(source, metric, others, options=Options())
        estimate = (whole.value, whole.low, whole.high, whole.n)
        rows.append((check.name, metric.name, *estimate, rest.value, rest.n, rest.note))
    return pl.DataFrame(rows, schema=_EFFECT, orient="row")

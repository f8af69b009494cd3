"""Charts and sentences of reviewers among their like: the funnel, the map of skill and leaning, the shrunken table."""

import numpy as np
import polars as pl

from dashboard import theme
from dashboard.charts.people import STANDINGS
from dashboard.everybody import Everybody
from dashboard.render import Chart
from dashboard.sentences import counted, plain
from metrics.funnel_limits import limits
from metrics.reviewers import Funnel
from metrics.skill import SkillMap

_GRID = 120
"""How many points a limit is drawn through."""
_MOST_NAMED = 3


def funnel(found: Funnel, hidden: int, *, is_adjusted: bool, sql: str) -> Chart:
    """Every reviewer's share of errors by how many answers it rests on, between the limits that chance sets.

    `hidden` have too few answers to be shown of one person.
    """
    most = found.reviewers["answers"].max()
    grid = np.unique(np.geomspace(5, float(str(most)), _GRID).round()) if most else np.array([])
    at = limits(found.overall, found.reviewers["answers"].to_numpy().astype(float), tau2=found.tau2)
    shown = pl.col("rate" if is_adjusted else "crude_rate").alias("shown_rate")
    drawn = _standing(found.reviewers.with_columns(shown, low_95=at["low_95"], high_95=at["high_95"]))
    wider = f" · widened, as ordinary reviewers differ {found.phi:.1f} times as much as by luck" if found.tau2 else ""
    cases = "adjusted for policy, language and gold label" if is_adjusted else "as counted, whatever the cases were"
    return Chart(
        template="funnel",
        frames={"data": drawn, "reference": limits(found.overall, grid, tau2=found.tau2)},
        title="Errors against gold, by how much each was tested",
        caption=f"Dashed: 95 % limits, dotted: 99.8 %{wider} · errors {cases}"
        + (f" · {counted(hidden, 'reviewer')} with too few answers hidden" if hidden else ""),
        alt=f"Funnel of {counted(drawn.height, 'reviewer')}. {outliers(found)}",
        sql=sql,
        table=drawn.drop("low_95", "high_95", "shown_rate"),
    )


def skill_map(found: SkillMap, everybody: Funnel, *, sql: str) -> Chart:
    """Skill by leaning, drawn towards the mean as far as differences may be luck."""
    stands_out = everybody.reviewers.select("reviewer", "is_outlier")
    drawn = found.reviewers.join(stands_out, on="reviewer", how="left", maintain_order="left").select(
        "reviewer",
        "answers",
        d_prime="pooled_d",
        d_low="pooled_d_low",
        d_high="pooled_d_high",
        criterion="pooled_c",
        c_low="pooled_c_low",
        c_high="pooled_c_high",
        is_marked=pl.col("is_outlier").fill_null(value=False),
        standing=pl.when(pl.col("is_outlier")).then(pl.lit(STANDINGS[2])).otherwise(pl.lit(STANDINGS[0])),
    )
    low, _, high = found.zone
    withheld = f" · {counted(found.withheld, 'reviewer')} with too little gold are not shown" if found.withheld else ""
    return Chart(
        template="skill_map",
        frames={"data": drawn, "reference": pl.DataFrame({"from": [low], "to": [high]})},
        title="Skill and leaning",
        caption=f"Green: where the line costs least · lines: 95 % intervals of those who stand out{withheld}",
        alt=_of_map(drawn, low, high),
        sql=sql,
        table=found.reviewers,
    )


def outliers(found: Funnel) -> str:
    """How many stand out, which, and how many chance alone would put outside of the limits."""
    named = found.reviewers.filter("is_outlier").sort("q")
    chance = (
        f"Chance alone would put about {found.chance_95:.0f} of {counted(found.reviewers.height, 'reviewer')} outside "
        f"the 95 % limits and {found.chance_998:.1f} outside those of 99.8 %."
    )
    if named.is_empty():
        return f"Nobody stands out from ordinary reviewers on the same cases. {chance}"
    rows = named.head(_MOST_NAMED).iter_rows(named=True)
    who = ", ".join(f"**{plain(row['reviewer'])}** ({row['direction']})" for row in rows)
    more = f" and {named.height - _MOST_NAMED} more" if named.height > _MOST_NAMED else ""
    stand = "stands" if named.height == 1 else "stand"
    return f"{counted(named.height, 'reviewer')} {stand} out beyond chance: {who}{more}. {chance}"


def table(found: Everybody) -> pl.DataFrame:
    """Everybody's accuracy, how sure it is and the ranks it may have, in the order of names."""
    rows = found.standings.reviewers
    if found.skill is not None:
        at_one_prevalence = found.skill.reviewers.select("reviewer", "accuracy_at_prevalence")
        rows = rows.join(at_one_prevalence, on="reviewer", how="left", maintain_order="left")
    counted_alike = [name for name in ("accuracy_at_prevalence",) if name in rows.columns]
    return rows.select(
        "reviewer",
        "answers",
        _percent("accuracy").alias("accuracy as counted"),
        *(_percent(name).alias("of violating or not, at one prevalence") for name in counted_alike),
        _percent("shrunken").alias("accuracy, shrunken"),
        pl.concat_str(_percent("low"), pl.lit(" to "), _percent("high")).alias("95 % interval"),
        _percent("p_below").alias("chance to be below target"),
        "gate",
        pl.col("more_needed").alias("answers needed to decide"),
        pl.concat_str("rank_low", pl.lit(" to "), "rank_high").alias("rank between"),
    ).with_columns(pl.col(pl.String).fill_null("hidden"))


def _percent(column: str) -> pl.Expr:
    """A share as a person reads it."""
    unit = theme.FORMATS["share"]
    return (pl.col(column) * unit.scale).round(unit.digits).cast(pl.String) + unit.suffix


def _standing(people: pl.DataFrame) -> pl.DataFrame:
    """How everybody stands: by the false discovery rate first, and else by the 95 % limits at their own n."""
    is_outside = (pl.col("shown_rate") < pl.col("low_95")) | (pl.col("shown_rate") > pl.col("high_95"))
    standing = pl.when("is_outlier").then(pl.lit(STANDINGS[2])).when(is_outside).then(pl.lit(STANDINGS[1]))
    return people.with_columns(standing=standing.otherwise(pl.lit(STANDINGS[0])))


def _of_map(drawn: pl.DataFrame, low: float, high: float) -> str:
    within = drawn.filter(pl.col("criterion").is_between(low, high)).height
    return (
        f"Skill by leaning of {counted(drawn.height, 'reviewer')}: {within} draw the line where it costs least, "
        f"{drawn.filter(pl.col('criterion') < low).height} enforce more, "
        f"{drawn.filter(pl.col('criterion') > high).height} let more through."
    )

"""What pages ask for: answers to the reader's filters, kept where they are worth keeping."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from dashboard import cache, doubts, people, reach, sentences, session
from dashboard.measure import Source, query_of
from data.errors import LargeQuestionError, NoRowsError
from metrics.catalogue import CATALOGUE, Metric
from metrics.options import Options
from queries.ask import ask
from queries.filters import Filters, Mark
from queries.modelled import MODELLED
from queries.statements import statement

PAGE_SIZE = 50
MOST_REVIEWERS = 12
"""A matrix of more could not be read."""
FEW_REVIEWERS = 300


def volume(*by: str) -> pl.DataFrame:
    """How much was decided, after the filters."""
    reach.check("volume", by)
    return cache.asked(*session.keyed(), "volume", session.filters(), by)


def sql(name: str, *by: str) -> str:
    """The SQL of a question, or of the one that a metric asks."""
    question = query_of(CATALOGUE[name], Options(reference=session.reference())) if name in CATALOGUE else name
    return statement(question, [cut for cut in by if cut != "label"])


def estimates(name: str, *by: str, options: Options | None = None) -> pl.DataFrame:
    """A metric per slice: the columns of `by`, then value, low, high, n, note.

    Of the options, a metric takes those that it understands, and a metric of models what is chosen on their page.
    Slices where a dimension is missing are left out.
    """
    metric, wished = CATALOGUE[name], options or Options()
    fitting = replace(
        wished,
        level=wished.level if "level" in metric.options else "nominal",
        interval=wished.interval if wished.interval in metric.intervals else "default",
        reference=session.reference() if "reference" in metric.options else "consensus",
    )
    question = query_of(metric, fitting)
    reach.check(question, tuple(cut for cut in by if cut != "label"))
    chosen = session.model_filters() if question in MODELLED else session.filters()
    return people.shown(cache.measured(*session.keyed(), name, chosen, by, fitting).drop_nulls(by))


def estimate(name: str, options: Options | None = None) -> dict[str, Any]:
    """A metric for everything that the filters let through."""
    return estimates(name, options=options).row(0, named=True)


def matrix(kind: str) -> pl.DataFrame:
    """`confusion` with gold, or `pairs` of reviewers: of very many reviewers, those with the most reviews."""
    chosen = _readable(session.filters()) if kind == "pairs" else session.filters()
    return people.shown(cache.matrix(*session.keyed(), kind, chosen))


def pairs_shown() -> str:
    """Which reviewers the matrix of pairs shows."""
    everybody = len(session.values("reviewer"))
    shown = (
        "all reviewers" if everybody <= MOST_REVIEWERS else f"the {MOST_REVIEWERS} busiest of {everybody:,} reviewers"
    )
    return f"Cohen's kappa of {shown} · point at a cell for n and interval, click it for the cases"


def has_few_reviewers() -> bool:
    """Whether there are so few that a number over all pairs of them says something, and is quickly found."""
    return len(session.values("reviewer")) <= FEW_REVIEWERS


def label_coincidences() -> pl.DataFrame:
    """When one reviewer of an item gave a label, what another gave: see `metrics.coincidences`."""
    return cache.coincidences(*session.keyed(), session.filters())


def faults() -> list[str]:
    """What the state of the log has a reader of the headline know, or why that is not told here."""
    try:
        found = health()
    except (LargeQuestionError, NoRowsError) as error:
        return [f"Whether the log is sound is not checked here. {error}"]
    return sentences.faults(found) + doubts.faults(found)


def quarantined() -> pl.DataFrame:
    """The first rows in quarantine, the newest load first."""
    return cache.asked(*session.keyed(), "quarantined", Filters(), (), (("page_size", PAGE_SIZE), ("page_start", 0)))


def aggregate(method: str) -> dict[str, Any]:
    """One label per item, scored against gold: see `answers.aggregate`."""
    reach.check("item_ratings")
    return cache.aggregated(*session.keyed(), method, session.filters())


def health() -> dict[str, pl.DataFrame]:
    """The state of the log: see `answers.health`. It compares all rows of one table with those of another."""
    reach.check_whole_log()
    return cache.health(*session.keyed())


def labels() -> pl.DataFrame:
    """The taxonomy with how often each label is used, mildest first."""
    found = cache.asked(*session.keyed(), "taxonomy", Filters())
    return found.sort("severity", "label", nulls_last=True)


def cases(mark: Mark, chosen: Filters, page: int = 1, size: int = PAGE_SIZE) -> pl.DataFrame:
    """One page of the items behind a mark, of those that the filters let through."""
    mark = people.behind(mark)
    reach.check("cases", asked=mark.parameters())
    return _cases(session.source(), chosen, mark, page, size)


def most_split() -> pl.DataFrame:
    """The ten items on which reviewers are most evenly split."""
    asked = Mark(is_split=True).parameters() | {"page_size": 10, "page_start": 0}
    reach.check("cases", asked=asked)
    found = cache.asked(*session.keyed(), "cases", session.filters(), (), tuple(asked.items()))
    return found.select("item_id", "policy", "labels", "gold_label", "reviews", "disagreeing_pairs", "pairs")


def all_cases(mark: Mark, chosen: Filters, items: int) -> Callable[[], pl.DataFrame]:
    """All items behind a mark, fetched when called: a download runs outside of the page."""
    opened, meant = session.source(), people.behind(mark)
    return lambda: _cases(opened, chosen, meant, 1, items)


def reviews(item_id: str) -> pl.DataFrame:
    """Every decision on one item."""
    return people.shown(
        ask(session.source().engine, "case_reviews", session.filters(), parameters={"item_id": item_id})
    )


def model_answers(item_id: str) -> pl.DataFrame:
    """What every version of every model said of one item."""
    return ask(session.source().engine, "case_predictions", Filters(), parameters={"item_id": item_id})


def versions() -> list[str]:
    """The versions that models have, in the order of their first answers; none where only summaries are kept."""
    if session.source().engine.rolled_from is not None:
        return []
    found: list[str] = session.models()["model_version"].unique(maintain_order=True).to_list()
    return found


def catalogue() -> pl.DataFrame:
    """Every metric in one line."""
    rows = [(m.title, m.question, m.topic, m.unit, m.counted, least(m), m.source) for m in CATALOGUE.values()]
    return pl.DataFrame(
        rows, schema=["metric", "question", "topic", "unit", "n counts", "min n", "source"], orient="row"
    )


def least(metric: Metric) -> int:
    """The n below which a metric is withheld in this workspace."""
    own = session.source().settings.min_n
    return metric.min_n if own is None else own


def warm() -> None:
    """Answer the headline and compare the reviewers once, so that the first reader finds them ready."""
    opened = cache.opened(session.home())[1]
    everything = Filters(repeats=opened.settings.repeats)
    for name in ("accuracy", "krippendorff_alpha"):
        cache.measured(opened, opened.fingerprint, name, everything, (), Options())
    # The first fit of a process loads what takes half a second.
    cache.everybody(opened, opened.fingerprint, everything)


def _readable(chosen: Filters) -> Filters:
    """The filters narrowed to as many reviewers as a matrix can show: those with the most reviews."""
    if len(session.values("reviewer")) <= MOST_REVIEWERS or chosen.reviewers:
        return chosen
    busiest = volume("reviewer").sort("reviews", "reviewer", descending=[True, False]).head(MOST_REVIEWERS)
    return chosen.where("reviewer", sorted(busiest["reviewer"]))


def _cases(opened: Source, chosen: Filters, mark: Mark, page: int, size: int) -> pl.DataFrame:
    window = {"page_size": size, "page_start": (page - 1) * size}
    return ask(opened.engine, "cases", chosen, parameters=mark.parameters() | window)

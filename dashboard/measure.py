"""The one place where a query meets a metric: counts in, estimates out, and small numbers withheld."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import polars as pl

from dashboard import slices
from dashboard.labels import declared_taxonomy, taxonomy_of
from data.engine import Engine
from data.errors import LogError
from data.settings import Settings
from data.store import Workspace
from metrics.catalogue import CATALOGUE, Metric
from metrics.estimate import Estimate
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters
from queries.modelled import MODELLED

HEADLINE = ("accuracy", "over_enforcement", "under_enforcement", "krippendorff_alpha", "gwet_ac1")
"""The metrics that Today opens with."""
Fetch = Callable[..., pl.DataFrame]
"""What takes the arguments of `queries.ask.ask` and gives its answer."""
ESTIMATE_COLUMNS = {"value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64, "note": pl.String}


OF_MODELS = {"consensus": "model_patterns", "gold": "model_gold", "audits": "model_audits"}
"""What is asked where a model is held against a reference."""
_SETTLED = ("target", "reference_prevalence", "cost_ratio")
"""The options that a workspace has a setting for."""


@dataclass(frozen=True, slots=True)
class Source:
    """One generation of a workspace, ready to be measured."""

    engine: Engine
    taxonomy: Taxonomy
    settings: Settings
    fingerprint: str


def open_source(workspace: Workspace) -> Source:
    """The source that an open workspace offers."""
    return Source(workspace.engine, taxonomy_of(workspace.engine), workspace.settings, workspace.fingerprint)


def find_metric(name: str) -> Metric:
    """The catalogue's metric of that name; `LogError` with the closest names otherwise."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    close = difflib.get_close_matches(name, CATALOGUE, n=3)
    meant = f"did you mean {' or '.join(close)}? " if close else ""
    raise LogError(f"no metric is called {name!r}; {meant}`evenhand metrics` lists them")


def measure(
    source: Source,
    name: str,
    *,
    filters: Filters | None = None,
    by: Sequence[str] = (),
    options: Options | None = None,
    min_n: int | None = None,
    categories: Sequence[str] | None = None,
    fetch: Fetch = ask,
) -> pl.DataFrame:
    """One row per slice: the columns of `by`, then `value, low, high, n, note`.

    `filters` default to everything with the workspace's rule for repeats, `min_n` to the workspace's or else the
    metric's own, `categories` to the workspace's labels. A value is null where it is undefined or rests on fewer than
    `min_n` observations; the note says which. `fetch` asks for counts, the log itself unless given.
    """
    metric, options = find_metric(name), _settled(options or Options(), source.settings)
    filters = filters or Filters(repeats=source.settings.repeats)
    taxonomy = chosen_taxonomy(source, filters, categories)
    _check_choices(metric, by, options, taxonomy)
    counts = fetch_counts(source, metric, filters, by=by, options=options, fetch=fetch)
    # The reader's minimum goes before the workspace's, and that before the metric's own.
    least = next(n for n in (min_n, source.settings.min_n, metric.min_n) if n is not None)
    parts = list(slices.cut(counts, by, options, taxonomy))
    found = slices.estimates(metric, parts, by, taxonomy, least=least)
    rows = [{**part.key, **asdict(estimate)} for part, estimate in zip(parts, found, strict=True)]
    key_types = {d: pl.String if d == "label" else counts.schema[d] for d in by}
    return pl.DataFrame(rows, schema={**key_types, **ESTIMATE_COLUMNS})


def headline(source: Source, filters: Filters) -> pl.DataFrame:
    """One row per metric of the headline: `metric`, then the columns of `measure`.

    Metrics that are computed from the same counts have them fetched once.
    """
    options, counts, rows = _settled(Options(), source.settings), dict[str, pl.DataFrame](), []
    for metric in map(CATALOGUE.__getitem__, HEADLINE):
        if metric.query not in counts:
            found = fetch_counts(source, metric, filters, by=(), options=options)
            counts[metric.query] = found
        estimate = measured(source, metric, counts[metric.query], options=options)
        rows.append({"metric": metric.name, **asdict(estimate)})
    return pl.DataFrame(rows, schema={"metric": pl.String, **ESTIMATE_COLUMNS})


def measured(source: Source, metric: Metric, counts: pl.DataFrame, *, options: Options) -> Estimate:
    """A metric of counts that are one slice, withheld where they are too few."""
    least = metric.min_n if source.settings.min_n is None else source.settings.min_n
    (estimate,) = slices.estimates(metric, [slices.Slice({}, counts, options)], (), source.taxonomy, least=least)
    return estimate


def fetch_counts(
    source: Source,
    metric: Metric,
    filters: Filters,
    *,
    by: Sequence[str],
    options: Options,
    fetch: Fetch = ask,
) -> pl.DataFrame:
    """The counts that a metric is computed from, one slice after the other."""
    dimensions = [dimension for dimension in by if dimension != "label"]
    question = query_of(metric, options)
    if question in MODELLED:
        check_models(source, filters, by)
    parameters: dict[str, Any] = {"taxonomy": list(source.taxonomy.labels), "with_scores": metric.needs_scores}
    return fetch(source.engine, question, filters, by=dimensions, parameters=parameters)


def query_of(metric: Metric, options: Options) -> str:
    """The question that a metric asks: it depends on what a model is held against.

    For an interval over reviewers it needs to know who rated.
    """
    if metric.query == "model":
        return OF_MODELS[options.reference]
    if metric.query == "model_and_people":
        return "joint_answers" if options.reference == "gold" else "model_patterns"
    needs_reviewers = metric.query == "rating_patterns" and options.interval == "reviewers"
    return "item_ratings" if needs_reviewers else metric.query


def check_models(source: Source, filters: Filters, by: Sequence[str]) -> None:
    """One model is measured at a time: the answers of two would be taken for one another's."""
    if "model" in by or len(filters.models) == 1:
        return
    models = sorted(set(ask(source.engine, "models", Filters())["model"]))
    if len(models) > 1:
        named = ", ".join(models)
        raise LogError(
            f"several models answer here ({named}): choose one with --where model={models[0]}, or cut --by model"
        )


def _settled(options: Options, settings: Settings) -> Options:
    """The options with the workspace's word where the reader said nothing."""
    own = {name: getattr(settings, name) for name in _SETTLED if getattr(options, name) is None}
    return replace(options, **own)


def _check_choices(metric: Metric, by: Sequence[str], options: Options, taxonomy: Taxonomy) -> None:
    if len(set(by)) < len(by):
        raise LogError(f"cannot cut by the same dimension twice: {', '.join(by)}")
    for dimension in by:
        if dimension not in metric.dimensions:
            raise LogError(f"{metric.name} cannot be cut by {dimension}; it can by {', '.join(metric.dimensions)}")
    if options.interval not in metric.intervals:
        known = ", ".join(metric.intervals)
        raise LogError(f"{metric.name} has no {options.interval!r} interval; it has {known} (--set interval=…)")
    chosen = {
        "level": options.level != "nominal",
        "weights": options.weights not in (None, "none"),
        "reference": options.reference != "consensus",
    }
    if ignored := [name for name, is_chosen in chosen.items() if is_chosen and name not in metric.options]:
        raise LogError(f"{metric.name} knows no {ignored[0]}; of --set it takes {', '.join(metric.options)}")
    if (chosen["level"] or chosen["weights"] or metric.needs_order) and taxonomy.labels and taxonomy.values is None:
        raise LogError(
            f"{metric.name} needs to know the order of the labels, and {', '.join(taxonomy.labels)} have none: "
            "load a `labels` table with their severity, or declare them mildest first with --set categories=a,b,c"
        )


def chosen_taxonomy(source: Source, filters: Filters, categories: Sequence[str] | None) -> Taxonomy:
    """The workspace's taxonomy, or the one that a reader declares; that one must hold every label that occurs."""
    if categories is None:
        return source.taxonomy
    taxonomy = declared_taxonomy(source.taxonomy, categories)
    missing = sorted(set(ask(source.engine, "label_counts", filters)["label"]) - set(taxonomy.labels))
    if missing:
        raise LogError(
            f"the label {missing[0]!r} occurs but is not among the declared categories "
            f"{', '.join(taxonomy.labels)}: add it to categories, or leave it out with --where label=…"
        )
    return taxonomy

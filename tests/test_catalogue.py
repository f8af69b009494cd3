"""Every metric of the catalogue, held to the same promises on real reviews."""

from contextlib import closing

import polars as pl
import pytest

from dashboard.measure import Source, measure, open_source, query_of
from data.store import open_workspace
from metrics.catalogue import CATALOGUE, Metric
from metrics.options import Options, Reference
from queries.statements import names

METRICS = pytest.mark.parametrize("metric", CATALOGUE.values(), ids=lambda metric: metric.name)


@pytest.fixture(scope="module")
def hatecheck(hatecheck_workspace):
    """HateCheck, ready to be measured."""
    with closing(open_workspace(hatecheck_workspace)) as workspace:
        yield open_source(workspace)


@pytest.fixture(scope="module")
def convabuse(convabuse_workspace):
    """ConvAbuse: ordinal labels, repeated decisions and no gold."""
    with closing(open_workspace(convabuse_workspace)) as workspace:
        yield open_source(workspace)


@pytest.fixture(scope="module")
def xstest(xstest_workspace):
    """XSTest: two models that judge, one of them with answers that are no labels."""
    with closing(open_workspace(xstest_workspace)) as workspace:
        yield open_source(workspace)


@METRICS
def test_an_entry_says_everything(metric: Metric) -> None:
    assert query_of(metric, Options()) in names()
    assert all((metric.title, metric.question.endswith("?"), metric.definition, metric.formula, metric.counted))
    assert any(mark in metric.source for mark in ("doi:", "ISBN", "IJCAI"))
    assert (metric.compute is None) != (metric.compare is None)
    assert (metric.compute or metric.compare).__doc__
    assert metric.name == CATALOGUE[metric.name].name


@METRICS
@pytest.mark.parametrize("by", [(), ("queue",), ("policy", "queue")])
def test_estimates_stay_in_bounds_and_in_order(metric: Metric, by: tuple[str, ...], hatecheck: Source) -> None:
    estimates = measure(hatecheck, metric.name, by=by, min_n=0)
    assert estimates.columns == [*by, "value", "low", "high", "n", "note"]
    check_estimates(metric, estimates)


@METRICS
def test_ordinal_labels_and_repeats_stay_in_bounds_too(metric: Metric, convabuse: Source) -> None:
    check_estimates(metric, measure(convabuse, metric.name, by=("queue",), min_n=0))


def check_estimates(metric: Metric, estimates: pl.DataFrame) -> None:
    """What holds for any estimate of a metric."""
    lowest, highest = metric.bounds
    for value, low, high, n, note in estimates.select("value", "low", "high", "n", "note").iter_rows():
        assert n >= 0
        assert (low is None) == (high is None)
        if value is None or low is None:
            assert note
        if low is not None:
            assert low <= (low if value is None else value) <= high
            assert lowest is None or lowest <= low
            assert highest is None or high <= highest


@pytest.mark.parametrize("reference", ["consensus", "gold", "audits"])
@pytest.mark.parametrize("metric", [m for m in CATALOGUE.values() if m.query == "model"], ids=lambda m: m.name)
def test_metrics_of_models_stay_in_bounds_whatever_the_reference(
    metric: Metric, reference: Reference, xstest: Source
) -> None:
    options = Options(reference=reference)
    check_estimates(metric, measure(xstest, metric.name, by=("model", "queue"), options=options, min_n=0))


@METRICS
def test_a_metric_of_nothing_is_undefined_with_a_reason(metric: Metric, empty_workspace) -> None:
    with closing(open_workspace(empty_workspace)) as workspace:
        row = measure(open_source(workspace), metric.name).row(0, named=True)
    assert row["value"] is None
    assert row["n"] == 0
    assert row["note"]


@METRICS
def test_too_few_are_withheld_with_a_reason(metric: Metric, hatecheck: Source) -> None:
    estimate = measure(hatecheck, metric.name, min_n=10**9).row(0, named=True)
    assert estimate["value"] is None
    assert estimate["low"] is None
    assert estimate["note"]

"""Every page opens on real logs, keeps what a link says, and tells what it cannot show."""

import json
from pathlib import Path
from typing import Any

import pages
import pytest
from pages import said
from streamlit.testing.v1 import AppTest

from dashboard import charts
from dashboard.session import WORKSPACE_VARIABLE
from data.load import load
from data.store import create

PAGES = (
    *("today", "agreement", "accuracy", "reviewers", "reviewer", "explain", "cases", "standards", "model"),
    *("calibration", "health"),
    "methods",
)


def opened(workspace: Path, monkeypatch: pytest.MonkeyPatch, page: str = "today", **address: Any) -> AppTest:
    """A page of the dashboard of a workspace, at an address with these parameters."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace))
    return pages.opened(page, **address)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_on_a_log_with_gold_and_policies(
    page: str, hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(hatecheck_workspace, monkeypatch, page)
    assert [title.value for title in app.title]
    assert not app.error


def test_today_is_quiet_about_checks_that_found_nothing(
    hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Data health" not in said(opened(hatecheck_workspace, monkeypatch))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_on_a_log_without_gold(
    page: str, convabuse_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not opened(convabuse_workspace, monkeypatch, page).error


def test_today_shows_the_headline_with_interval_and_n(
    hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """98.35 % of 19,505 answers are right: counted by hand from the published files; limits clustered by item."""
    app = opened(hatecheck_workspace, monkeypatch)
    assert app.metric[0].value == "98.4 %"
    assert "98.2 to 98.6" in said(app)
    assert "n 19,505 answers on gold" in said(app)
    assert "This log has no times" in said(app)


def test_every_chart_says_its_finding_to_those_who_do_not_see_it(
    hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in ("today", "agreement", "accuracy"):
        for chart in opened(hatecheck_workspace, monkeypatch, page).get("vega_lite_chart"):
            assert any(character.isdigit() for character in chart.proto.alt)
            assert len(chart.proto.alt) > 40


def test_a_chart_is_its_template_with_data_bound(hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chart = opened(hatecheck_workspace, monkeypatch).get("vega_lite_chart")[0]
    assert {dataset.name for dataset in chart.proto.datasets} == {"data", "reference"}
    assert json.loads(chart.proto.spec)["layer"] == json.loads(charts.template("policy_shares"))["layer"]


def test_a_link_with_a_filter_narrows_every_number(hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(hatecheck_workspace, monkeypatch, policy=["policy-009"])
    assert app.multiselect(key="policy").value == ["policy-009"]
    assert app.metric[0].value == "95.6 %"


def test_an_unknown_filter_in_a_link_falls_back_to_everything(
    hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(hatecheck_workspace, monkeypatch, policy=["nonsense"])
    assert app.multiselect(key="policy").value == []
    assert app.metric[0].value == "98.4 %"


def test_only_dimensions_that_this_log_has_can_be_filtered(
    adult2_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not opened(adult2_workspace, monkeypatch).multiselect


def test_the_level_of_measurement_changes_alpha(adult2_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nominal = opened(adult2_workspace, monkeypatch, "agreement")
    ordinal = opened(adult2_workspace, monkeypatch, "agreement", level="ordinal")
    assert nominal.metric[1].value == "0.317"
    assert ordinal.metric[1].value not in ("–", "0.317")


def test_alpha_stands_with_both_its_intervals(hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prose = said(opened(hatecheck_workspace, monkeypatch, "agreement"))
    assert "0.920 to 0.936 with other items" in prose
    assert "with other reviewers" in prose


def test_a_link_to_a_cell_lists_its_cases(hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The confusion matrix counts 188 answers `hateful` on gold `non-hateful`; they are on fewer items."""
    app = opened(hatecheck_workspace, monkeypatch, "cases", gold_label="non-hateful", label_a="hateful")
    table = app.dataframe[0].value
    assert (table["gold_label"] == "non-hateful").all()
    assert table["labels"].str.contains(r"(?:^|, )hateful", regex=True).all()


def test_a_link_to_an_item_shows_every_decision_on_it(
    hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(hatecheck_workspace, monkeypatch, "cases", item_id="case-00441")
    assert app.subheader[0].value == "case-00441"
    assert len(app.dataframe[0].value) == 5


def test_a_link_to_nothing_says_so(hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(hatecheck_workspace, monkeypatch, "cases", item_id="no such item")
    assert "No item fits" in said(app)


def test_without_gold_accuracy_says_what_would_switch_it_on(
    convabuse_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(convabuse_workspace, monkeypatch, "accuracy")
    assert "Load a `gold` table" in said(app)
    assert not app.metric


def test_without_is_violating_the_cards_say_so(adult2_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(adult2_workspace, monkeypatch, "accuracy")
    over = next(metric for metric in app.metric if metric.label == "Over-enforcement")
    assert over.value == "–"
    assert "is_violating" in said(app)


def test_methods_opens_at_the_metric_of_the_link(hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(hatecheck_workspace, monkeypatch, "methods", metric="gwet_ac1")
    assert app.subheader[0].value == "Gwet's AC1"
    assert app.get("latex")
    assert "select" in app.code[0].value


def test_a_workspace_that_is_none_is_explained_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(tmp_path, monkeypatch)
    assert "is not a workspace" in app.error[0].value


def test_a_server_without_a_workspace_says_how_to_start_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WORKSPACE_VARIABLE, raising=False)
    assert "evenhand serve" in pages.opened().error[0].value


def test_a_load_appears_without_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, reviews = tmp_path / "workspace", tmp_path / "reviews.csv"
    create(workspace)
    reviews.write_text("item_id,reviewer_id,label\na,one,keep\na,two,keep\n")
    load(workspace, "reviews", [str(reviews)])
    app = opened(workspace, monkeypatch)
    assert "2 reviews of 1 item " in said(app)
    reviews.write_text("item_id,reviewer_id,label\nb,one,keep\n")
    load(workspace, "reviews", [str(reviews)])
    assert "3 reviews of 2 items" in said(app.run())


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_when_the_filters_let_nothing_through(
    page: str, hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All items of this policy are in the published suite."""
    app = opened(hatecheck_workspace, monkeypatch, page, policy=["policy-001"], queue=["outside-suite"])
    assert app.multiselect(key="queue").value == ["outside-suite"]
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_workspace_says_how_to_fill_it(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create(tmp_path / "workspace")
    app = opened(tmp_path / "workspace", monkeypatch, page)
    assert not app.error
    assert ("evenhand load reviews" in said(app)) != (page in ("health", "methods"))


@pytest.mark.parametrize("page", PAGES)
def test_strange_names_are_shown_as_they_are(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that a spreadsheet, Markdown or SQL would take for something else, and a row that cannot land."""
    workspace, reviews = tmp_path / "workspace", tmp_path / "reviews.csv"
    create(workspace)
    names = ("=cmd|calc!A0", "o'neill; drop table reviews", "[a](http://example.org) *b* $c$", "naïve 🙂")
    rows = [
        f'"{item}","{person}",{label},"{policy}"'
        for item in names
        for person, label, policy in zip(names, ("keep", "remove", "keep", "remove"), names, strict=True)
    ]
    reviews.write_text("item_id,reviewer_id,label,policy\n" + "\n".join([*rows, ',"nobody",keep,"none"']) + "\n")
    load(workspace, "reviews", [str(reviews)])
    app = opened(workspace, monkeypatch, page)
    assert not app.error
    if page in ("today", "health"):
        assert "1 row in quarantine" in said(app)
    if page == "cases":
        assert set(app.dataframe[0].value["item_id"]) == set(names)


def test_data_health_shows_doubted_reviews_their_cases_and_what_they_do_to_the_headline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 40 answers 30 are right; the ten wrong ones were decided before they were claimed. Two appeals are early."""
    workspace = tmp_path / "workspace"
    create(workspace)
    times = {True: "2026-03-02T09:00:00Z", False: "2026-03-02T11:00:00Z"}
    rows = [f"r{k:02},i{k},one,{'x' if k < 30 else 'y'},2026-03-02T10:00:00Z,{times[k < 30]}" for k in range(40)]
    head = "review_id,item_id,reviewer_id,label,decided_at,claimed_at"
    (tmp_path / "reviews.csv").write_text("\n".join([head, *rows]) + "\n")
    (tmp_path / "gold.csv").write_text("\n".join(["item_id,label", *(f"i{k},x" for k in range(40))]) + "\n")
    (tmp_path / "appeals.csv").write_text("review_id,opened_at\nr00,2026-03-01T10:00:00Z\nr00,2026-03-01T11:00:00Z\n")
    for table in ("reviews", "gold", "appeals"):
        load(workspace, table, [tmp_path / f"{table}.csv"])
    app = opened(workspace, monkeypatch, "health")
    found = "**Reviews decided before they were claimed: 10 of 40** (25 %)"
    assert f"{found}; without them: Accuracy against gold 75 % → 100 %" in said(app)
    assert [element.label for element in app.expander] == ["3 checks found nothing"]
    assert "**Appeals opened before the decision that they contest: 2 of 2** (100 %)" in said(app)
    assert [button.label for button in app.button if "[r3" in button.label] == [f":blue[r{k}]" for k in range(30, 35)]
    assert "Reviews decided before they were claimed: 10 of 40" in said(opened(workspace, monkeypatch))


def test_numbers_are_compared_across_what_the_log_has(
    convabuse_workspace: Path, hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log without policies is compared by queue; where there are both, the reader chooses and the link says it."""
    assert "Observed agreement by queue" in said(opened(convabuse_workspace, monkeypatch, "agreement"))
    assert "Accuracy against gold by policy" in said(opened(hatecheck_workspace, monkeypatch))
    assert "Accuracy against gold by queue" in said(opened(hatecheck_workspace, monkeypatch, compare="queue"))

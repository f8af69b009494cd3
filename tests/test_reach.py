"""What would read much says so before it runs, and runs when the reader asks for it."""

from pathlib import Path

import pages
import pytest
from pages import said

from dashboard import reach
from dashboard.session import WORKSPACE_VARIABLE
from data.load import load
from data.samples import create_sample
from data.settings import Settings
from queries.refresh import bring_up_to_date


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten annotators' log, with rollups; they sit at two sites."""
    path = tmp_path_factory.mktemp("reach") / "log"
    create_sample("hatecheck", path, settings=Settings())
    people = path.with_suffix(".csv")
    people.write_text(
        "reviewer_id,site\n" + "".join(f"mod-{n:02},{'north' if n % 2 else 'south'}\n" for n in range(1, 11))
    )
    load(path, "reviewers", [people])
    bring_up_to_date(path)
    return path


@pytest.fixture(autouse=True)
def environment(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(log))


@pytest.mark.parametrize("page", ["health", "cases", "accuracy"])
def test_a_page_that_needs_all_reviews_of_a_large_log_asks_first(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "This reads all" not in said(pages.opened(page))
    monkeypatch.setattr(reach, "READ_AT_ONCE", 1_000)
    app = pages.opened(page)
    assert "This reads all 19,505 reviews, which may take minutes." in said(app)
    app.button("read_all").click().run()
    assert not app.exception
    assert "This reads all" not in said(app)


def test_today_does_not_check_a_large_log_and_says_where_that_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "READ_AT_ONCE", 1_000)
    app = pages.opened()
    assert "Whether the log is sound is not checked here. This reads all 19,505 reviews" in said(app)
    assert len(app.metric) > 3


def test_what_regroups_the_reviews_of_many_items_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site has parts of items, which no count tells; Today leaves the comparison out."""
    assert "regroups" not in said(pages.opened("agreement", compare="site"))
    monkeypatch.setattr(reach, "REGROUPED_AT_ONCE", 1_000)
    assert "This regroups 19,505 reviews" in said(pages.opened("agreement", compare="site"))
    assert "regroups" not in said(pages.opened("agreement", compare="policy"))

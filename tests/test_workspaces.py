"""One server offers several workspaces: which ones, how a reader changes between them, and what is told of each."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pages import opened, said
from streamlit.testing.v1 import AppTest

from dashboard import cache, workspaces
from dashboard.session import WORKSPACE_VARIABLE
from data.folders import SIMULATED
from data.load import load
from data.samples import SAMPLES
from data.settings import Settings
from data.store import create
from queries.ask import ask
from queries.filters import Filters


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of two workspaces, `ours`, for which the server is started, and `theirs`, and of something else."""
    fill(tmp_path / "workspaces" / "ours", "policy,market", ["spam,PH", "harm,US"])
    fill(tmp_path / "workspaces" / "theirs", "policy,queue", ["spam,fast", "theft,slow", "theft,fast"])
    (tmp_path / "workspaces" / "notes").mkdir()
    fill(tmp_path / "elsewhere", "policy,market", ["spam,PH"])
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(tmp_path / "workspaces" / "ours"))
    return tmp_path / "workspaces"


def fill(workspace: Path, columns: str, slices: list[str], settings: Settings | None = None) -> None:
    """Make a workspace with a review for each of these slices."""
    create(workspace, settings=settings)
    rows = [f"item-{number},ana,keep,{each}" for number, each in enumerate(slices)]
    log = workspace.parent / "log.csv"
    log.write_text("\n".join([f"item_id,reviewer_id,label,{columns}", *rows]) + "\n")
    load(workspace, "reviews", [log])
    log.unlink()


def choose(app: AppTest, name: str) -> AppTest:
    """Click a workspace in the sidebar."""
    app.radio(key="workspace").set_value(name).run()
    assert not app.exception
    return app


def test_the_sidebar_offers_the_servers_workspace_those_beside_it_and_the_samples(home: Path) -> None:
    app = opened()
    assert app.sidebar.radio[0].options == ["ours", "theirs", *SAMPLES]
    assert app.sidebar.radio[0].value == "ours"
    assert list(workspaces.offered(home / "theirs")) == ["theirs", "ours", *SAMPLES]


@pytest.mark.usefixtures("home")
def test_a_click_opens_another_workspace_and_the_next_one_comes_back() -> None:
    app = opened()
    assert "2 reviews of 2 items" in said(app)
    assert "3 reviews of 3 items" in said(choose(app, "theirs"))
    assert "2 reviews of 2 items" in said(choose(app, "ours"))


@pytest.mark.usefixtures("home")
def test_a_link_opens_the_workspace_that_it_names() -> None:
    app = opened(workspace="theirs", policy=["theft"])
    assert "2 reviews of 2 items" in said(app)
    assert app.sidebar.radio[0].value == "theirs"


@pytest.mark.parametrize("name", ["nobody's", "../elsewhere", "notes", ""])
@pytest.mark.usefixtures("home")
def test_a_link_to_what_is_not_offered_says_so_and_shows_the_servers_own(name: str) -> None:
    app = opened(workspace=name)
    assert "is offered here: this is ours" in app.warning[0].value
    assert app.sidebar.radio[0].value == "ours"
    assert "2 reviews of 2 items" in said(app)


@pytest.mark.usefixtures("home")
def test_of_the_filters_those_stay_that_the_other_log_has() -> None:
    app = opened(policy=["spam", "harm"], market=["PH"], compare="market")
    app = choose(app, "theirs")
    assert app.multiselect(key="policy").value == ["spam"]
    assert "1 review of 1 item" in said(app)
    assert "market" not in [box.key for box in app.multiselect]
    assert "3 reviews" in said(app.multiselect(key="policy").set_value([]).run())


@pytest.mark.usefixtures("home")
def test_the_choice_of_cases_is_forgotten_on_changing() -> None:
    app = opened()
    app.switch_page("views/cases.py")
    app.query_params.update({"item_id": "item-0"})
    app.run()
    assert app.subheader[0].value == "item-0"
    app = choose(app, "theirs")
    assert app.text_input(key="item_id").value == ""
    assert "3 items" in said(app)


def test_a_sample_is_made_on_its_first_choice_and_names_its_source_and_licence(home: Path) -> None:
    app = choose(opened(), "hatecheck")
    assert app.metric[0].value == "98.4 %"
    assert "CC BY 4\\.0" in said(app)
    assert (home / "hatecheck" / "workspace.toml").exists()
    assert "98.4 %" in [metric.value for metric in opened(workspace="hatecheck").metric]


def test_a_sample_that_cannot_be_made_is_one_sentence(home: Path) -> None:
    (home / "hatecheck").write_text("in the way")
    app = choose(opened(), "hatecheck")
    assert "hatecheck is a file. Name a folder" in app.error[0].value
    assert not app.metric
    assert "2 reviews of 2 items" in said(choose(app, "ours"))


def test_readers_who_choose_a_sample_at_once_wait_for_the_one_who_makes_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def slowly(name: str, path: Path, *, settings: Settings) -> None:
        time.sleep(0.2)
        create(path, settings=settings)
        made.append(name)

    monkeypatch.setattr(workspaces, "create_sample", slowly)
    with ThreadPoolExecutor(4) as readers:
        for reader in [readers.submit(workspaces.make_sample, home / "hatecheck") for _ in range(4)]:
            reader.result()
    assert made == ["hatecheck"]


def test_a_simulated_log_is_called_so_on_every_page(home: Path) -> None:
    fill(home / "made-up", "policy", ["spam"], Settings(name="A story", note=SIMULATED))
    app = choose(opened(), "made-up")
    for page in ("today", "agreement", "accuracy", "cases", "health", "methods"):
        app.switch_page(f"views/{page}.py")
        app.query_params["workspace"] = "made-up"
        app.run()
        assert "made\\-up people and decisions" in app.main.markdown[0].value


def test_a_damaged_workspace_is_offered_and_told(home: Path) -> None:
    (home / "theirs" / "workspace.toml").write_text("name = ")
    app = choose(opened(), "theirs")
    assert "is not valid TOML" in app.error[0].value
    assert "2 reviews of 2 items" in said(choose(app, "ours"))


def test_a_workspace_that_is_taken_away_gives_way_to_the_servers_own(home: Path) -> None:
    app = choose(opened(), "theirs")
    shutil.rmtree(home / "theirs")
    app.run()
    assert not app.exception
    assert "2 reviews of 2 items" in said(app)


def test_a_copy_of_a_workspace_has_its_own_numbers(home: Path) -> None:
    """The same settings and the same generation, but other reviews."""
    shutil.copytree(home / "ours", home / "copy")
    for name, item in (("ours", "a"), ("copy", "b,c")):
        log = home / "more.csv"
        log.write_text("item_id,reviewer_id,label\n" + "".join(f"{each},ana,keep\n" for each in item.split(",")))
        load(home / name, "reviews", [log])
    app = opened()
    assert "3 reviews" in said(app)
    assert "4 reviews" in said(choose(app, "copy"))


def test_what_a_reader_holds_stays_open_when_the_cache_lets_it_go(home: Path) -> None:
    source = cache.opened(home / "ours")[1]
    cache.opened.clear()
    assert ask(source.engine, "volume", Filters())["reviews"].item() == 2

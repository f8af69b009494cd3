"""The real logs that come with Evenhand, described in `data/sample/README.md`."""

from dataclasses import dataclass, replace
from pathlib import Path

from data.errors import LogError
from data.folders import create_from, load_folder
from data.report import LoadReport
from data.settings import Settings

FOLDER = Path(__file__).parent / "sample"


@dataclass(frozen=True, slots=True)
class Sample:
    """One bundled log: what it is, in a line, and where it comes from."""

    name: str
    title: str
    source: str


SAMPLES: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample(
            "hatecheck",
            "HateCheck: 10 trained annotators, 3,901 test cases of hate speech, gold for every case",
            "Röttger et al. (2021), doi:10.18653/v1/2021.acl-long.4, CC BY 4.0",
        ),
        Sample(
            "adult2",
            "AdultContent2: 825 crowd workers rating 11,040 web sites G, P, R or X, with gold and costs",
            "Ipeirotis et al., github.com/ipeirotis/Get-Another-Label, Apache-2.0",
        ),
        Sample(
            "convabuse",
            "ConvAbuse: 8 annotators on 4,055 conversations, ordinal severity of abuse",
            "Cercas Curry et al. (2021), doi:10.18653/v1/2021.emnlp-main.587, CC BY 4.0",
        ),
        Sample(
            "xstest",
            "XSTest: 2 annotators, an LLM judge and a rule judge on whether 5 chat models refuse, adjudicated",
            "Röttger et al. (2024), doi:10.18653/v1/2024.naacl-long.301, CC BY 4.0",
        ),
    )
}


def create_sample(name: str, workspace: str | Path, *, settings: Settings) -> tuple[LoadReport, ...]:
    """Make a workspace that holds a bundled log; after an error or a kill there is none. One report a table."""
    sample = _sample(name)
    # The ids of published annotations are no names of people.
    described = replace(settings, name=sample.title, note=sample.source, names=True)
    return create_from(FOLDER / name, workspace, settings=described)


def load_sample(name: str, workspace: str | Path) -> tuple[LoadReport, ...]:
    """Load a bundled log into a workspace, by the ordinary way; one report a table."""
    return load_folder(workspace, FOLDER / _sample(name).name)


def _sample(name: str) -> Sample:
    if name not in SAMPLES:
        raise LogError(f"There is no sample {name!r}. The samples are {', '.join(SAMPLES)}.")
    return SAMPLES[name]

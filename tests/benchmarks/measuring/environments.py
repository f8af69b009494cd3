"""What is made once and kept outside of the checkout: an environment for each peer, and logs.

Peers do not share an environment: irrCAC, for one, wants an old scipy.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from measuring.logs import write_log, write_next_day
from measuring.plan import LogPlan

REQUIREMENTS = {
    "krippendorff": ("krippendorff==0.9.0", "pandas", "pyarrow"),
    "irrCAC": ("irrCAC==0.4.4", "pyarrow<20"),
    "statsmodels": ("statsmodels==0.15.*", "pandas", "pyarrow"),
    "scikit-learn": ("scikit-learn==1.9.*", "pandas", "pyarrow"),
    "crowd-kit": ("crowd-kit==1.4.2", "pandas<3", "pyarrow"),
    "pandas": ("pandas==3.*", "pyarrow"),
    # Neither works with pandas 3, and NannyML imports a statsmodels that it does not ask for.
    "evidently": ("evidently==0.7.23", "pandas<3", "pyarrow"),
    "nannyml": ("nannyml==0.13.1", "pandas<3", "pyarrow", "statsmodels"),
}
"""What is installed for each peer."""

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "evenhand-benchmarks"


def python_of(peer: str) -> Path:
    """The Python of a peer's own environment, which is made where it is not there yet."""
    folder = CACHE / f"{peer}-{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        print(f"Making an environment for {peer} in {folder} …", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS[peer]], check=True)
        (folder / "ready").touch()
    return python


def version_of(peer: str) -> str:
    """Which version of a peer is measured."""
    asked = f"from importlib.metadata import version; print(version({peer!r}))"
    return subprocess.run([python_of(peer), "-c", asked], check=True, capture_output=True, text=True).stdout.strip()


def kept_log(plan: LogPlan) -> Path:
    """The folder with a log (`log`) and the delivery of the day after (`next`), written on the first run."""
    folder = CACHE / f"log-{plan.reviews}-{plan.days}-{plan.seed}{'-random' * plan.random_ids}{'-plain' * plan.plain}"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"Writing a log of {plan.reviews:,} reviews into {folder} …", file=sys.stderr)
        write_log(folder / "log", plan)
        write_next_day(folder / "next", plan)
        (folder / "ready").touch()
    return folder

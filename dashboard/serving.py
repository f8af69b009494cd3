"""Starting the dashboard's server."""

import os
import socket
import sys
from pathlib import Path

from data.errors import LogError

HOST = "127.0.0.1"
_SERVER = Path(__file__).with_name("server.py")


def serve(workspace: Path, port: int) -> None:
    """Become Streamlit's server for a workspace; does not return."""
    _check_free(port)
    os.environ["EVENHAND_WORKSPACE"] = str(workspace.resolve())
    print(f"Evenhand shows {workspace} at http://{HOST}:{port} (Ctrl-C stops it).", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "streamlit", "run", str(_SERVER), "--server.port", str(port)]
    os.chdir(_SERVER.parent.parent)  # Streamlit reads .streamlit/config.toml from here.
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter and file


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise LogError(f"port {port} is in use: choose another with --port") from None

"""`python -m dashboard` is `evenhand`."""

from dashboard.cli import main

main()

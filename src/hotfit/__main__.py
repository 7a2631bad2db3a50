"""`python -m hotfit` is `hotfit`."""

from hotfit.cli import main

main()

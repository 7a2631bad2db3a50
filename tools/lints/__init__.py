"""The project's own rules, one module each; the docstring of each module tells its reason.

`python -m tools.lints` runs all of them over the tree and fails on any finding.
"""

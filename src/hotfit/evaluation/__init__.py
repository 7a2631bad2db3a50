"""Judging a trained head honestly.

Enters: true answers, predictions on samples the head has not seen, their groups, label names.
Leaves: scores with ranges, a baseline, a paired comparison, a forecast, a verdict in plain words.
May import `types` and `errors` only.
"""

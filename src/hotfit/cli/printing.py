"""How reports, answers and scores look: sentences for people, strict JSON for programs."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hotfit.cli import encoder_lines
from hotfit.evaluation.reach import with_range
from hotfit.quality.kinds import KINDS
from hotfit.types import Answer

REPEATS = ("duplicate", "near_duplicate")
"""Kinds of finding that say which samples are held out together."""

INPUT_WORDS = {"Tabular": "row"}
"""What goes in, where the name of the kind is no word for it."""

SEARCH = "Search"
"""What functions answer that only search."""

MOST_LABELS = 6
"""Labels named on the first line before the rest are counted."""


MOST_LETTERS = 100
"""Letters of a sample that are shown on its line."""


def say(text: str) -> None:
    """Print a line for people; what samples and labels hold cannot move the cursor."""
    sys.stdout.write(visible(text) + "\n")


def visible(text: str) -> str:
    """Show control and direction-changing characters as escapes, so that data cannot drive a
    terminal."""
    return "".join(
        f"\\u{ord(c):04x}" if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c != "\n" else c
        for c in text
    )


def print_json(value: Any) -> None:
    """Print one JSON object on one line; never NaN or Infinity."""
    narrow = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=narrow, allow_nan=False) + "\n")


def print_prediction(prediction: Answer) -> None:
    """Print `spam  0.99`, tags on one line, or a number with its range."""
    say(prediction.sentence())


def print_report(report: Mapping[str, Any]) -> None:
    """Print what `fit` and `show` say about a function."""
    say(_headline(report))
    verdict = report["verdict"]
    if report["output"] == SEARCH:
        say(f"Searches          hotfit similar {report['function']} DATA")
    elif verdict is None:
        say("Can ML do this?   not trained yet")
    else:
        say(f"Can ML do this?   {verdict['answer'].upper()}   {verdict['sentence']}")
    if report.get("test"):
        say(f"On the test rows  {_test_sentence(report['test'])}")
    if report["findings"]:
        say("Worth a look      " + "   ".join(_finding_words(report["findings"])))
    steps = verdict["next_steps"] if verdict else []
    for number, step in enumerate(steps):
        say(("Next              " if number == 0 else "                  ") + step)
    if report["version"]:
        say(_model_line(report))
    for line in encoder_lines.lines(report["function"], report["encoders"]):
        say(line)
    for note in report["notes"]:
        say(f"Note              {note}")


def _headline(report: Mapping[str, Any]) -> str:
    labels = sorted(report["labels"], key=lambda label: -report["labels"][label])
    shown = " | ".join(labels[:MOST_LABELS])
    if len(labels) > MOST_LABELS:
        shown += f" | and {len(labels) - MOST_LABELS} more"
    counted = f"{report['samples']:,} {'example' if report['samples'] == 1 else 'examples'}"
    if report["output"] == "Number":
        shown = report["target"] or "a number"
    elif report["output"] == SEARCH:
        shown = "what is most like it"
    else:
        counted += f", {len(labels)} {'label' if len(labels) == 1 else 'labels'}"
    if report["unlabelled"] and report["output"] != SEARCH:
        counted += f", {report['unlabelled']:,} without a label"
    given = INPUT_WORDS.get(report["input"], report["input"].lower())
    return f"{report['function']}: {given} -> {shown}      {counted}"


def _finding_words(findings: Mapping[str, int]) -> Iterable[str]:
    for kind, count in findings.items():
        words = KINDS.get(kind)
        one, many = (kind.replace("_", " "),) * 2 if words is None else (words.one, words.many)
        last = kind in REPEATS and not any(later in findings for later in _after(kind))
        yield f"{count:,} {one if count == 1 else many}" + (
            " (kept together when scoring)" if last else ""
        )


def _after(kind: str) -> Sequence[str]:
    return REPEATS[REPEATS.index(kind) + 1 :]


def _model_line(report: Mapping[str, Any]) -> str:
    seconds = report["seconds"]
    return (
        f"Made by           {report['encoder']} + {report['head']} ({report['build']} build); "
        f"first model after {seconds['first_model']:.1f} s, done after {seconds['total']:.1f} s"
    )


def print_listing(reports: Sequence[Mapping[str, Any]]) -> None:
    """Print one line per function."""
    if not reports:
        say("No functions here yet. Make one:  hotfit fit messages.csv")
    for report in reports:
        verdict = report["verdict"]
        untrained = "searches" if report["output"] == SEARCH else "not trained"
        said = f"{verdict['answer'].upper()}  {verdict['sentence']}" if verdict else untrained
        say(f"{_headline(report)}   {said}")


def print_similar(found: Sequence[Mapping[str, Any]]) -> None:
    """Print one line a sample: how far, which, its label and what it holds."""
    if not found:
        say("No sample was found.")
    for each in found:
        label = "-" if each["label"] is None else str(each["label"])
        say(f"{each['distance']:.3f}  {each['sample']:<24} {label:<20} {shortly(each['data'])}")


def print_queue(sentence: str, found: Sequence[Mapping[str, Any]]) -> None:
    """Print one line a sample: which, what it may be, why it is asked about, what it holds."""
    say(sentence)
    for each in found:
        guess = each["guess"]
        told = f"{guess['label']} {guess['confidence']:.2f}?" if guess else "-"
        say(f"{each['sample']:<24} {told:<22} {shortly(each['data'])}")
        say(f"{'':<24} {each['reason']}")


def print_ruling(ruling: Mapping[str, Any]) -> None:
    """Print what each label function is worth, then what they say together."""
    for rule in ruling["rules"]:
        told = _percent(rule["accuracy"])
        if rule["judged"]:
            low, high = 100 * rule["low"], 100 * rule["high"]
            told += f" ({low:.1f} to {high:.1f} on {rule['judged']:,})"
        say(
            f"{shortly(rule['name']):<32} votes on {_percent(rule['coverage'])}, right {told}, "
            f"against others {_percent(rule['conflicts'])}"
        )
    say(
        f"{ruling['voted']:,} samples without an answer got votes; "
        f"{ruling['kept']:,} were kept as answers."
    )


def print_forecast(found: Mapping[str, Any]) -> None:
    """Print the sentence, then scores measured and forecast, one line each."""
    say(found["sentence"])
    for noun, points in (("measured", found["points"]), ("forecast", found["forecast"])):
        for point in points:
            told = with_range(point["score"], point["low"], point["high"], found["metric"])
            say(f"{point['labels']:>9,} labels   {told}   {noun}")


def shortly(data: Any) -> str:
    """What a sample holds on one line; of an image, what its file is called."""
    if isinstance(data, dict) and "sha256" in data and data.keys() <= {"sha256", "file"}:
        data = data.get("file", f"image {data['sha256'][:12]}")
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1] + "\u2026"


def print_score(name: str, score: Mapping[str, Any]) -> None:
    """Print what `evaluate` measured."""
    say(f"{name}: {_score_sentence(score)}")
    for label, row in score.get("per_label", {}).items():
        say(
            f"  {label}: {row['n']:,} examples, found {_percent(row['recall'])}, "
            f"right when said {_percent(row['precision'])}"
        )
    for note in score.get("notes", ()):
        say(f"Note: {note}")


def _test_sentence(score: Mapping[str, Any]) -> str:
    """What was scored on declared test rows, and what is left of it without those learned from."""
    whole, also = _score_sentence(score), score.get("also_learned")
    if not also:
        return whole
    if score["apart"] is None:
        return f"{whole}; all of them are also learned from, so this promises too much"
    return f"{_score_sentence(score['apart'])}; {whole} with {also:,} that are also learned from"


def _score_sentence(score: Mapping[str, Any]) -> str:
    n = f"{score['n']:,} examples"
    if "accuracy" in score:
        return (
            f"{_percent(score['accuracy'])} of {n} right "
            f"({100 * score['low']:.1f} to {100 * score['high']:.1f})"
        )
    if "micro_f1" in score:
        return f"micro F1 {score['micro_f1']:.3f}, macro F1 {score['macro_f1']:.3f} on {n}"
    off = f"{float(format(score['mae'], '.3g')):,.10g}"
    said = f"R2 {score['r2']:.3f} ({score['low']:.3f} to {score['high']:.3f}), off by {off}"
    within = score.get("in_range")
    held = "" if within is None else f", {_percent(within)} within their range"
    return f"{said} on average{held}, on {n}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"

"""What a column's name says about it: words of general use, in English and German."""

import re
import unicodedata

from hotfit.types import Split

TEXT = (
    "text sentence message utterance tweet document review comment body content question prompt"
    " query sms email post phrase passage feedback transcript abstract nachricht satz frage"
)
"""Names of the one column of prose, best first."""

LABEL = "label labels target targets class classes y gold ground_truth annotation outcome klasse"
"""Names of a column that is the answer and nothing else, best first."""

ANSWER = (
    "intent intents sentiment sentiments emotion emotions topic topics category categories tag tags"
    " genre genres species diagnosis verdict churn churned survived defaulted fraud spam"
    " toxic toxicity income subscribed subscribe response kategorie priority rating score stars"
)
"""Names of a column that often is the answer."""

QUANTITY = "price salary value cost amount revenue sales rent cnt demand consumption gehalt preis"
"""Last words of names of a quantity that people want to predict."""

FLAGS = frozenset(("is", "has", "was", "did", "will"))
PLURALS = "labels tags categories topics genres emotions intents classes keywords"
MANY = frozenset(PLURALS.split())
IDENTIFIERS = frozenset(("id", "ids", "uuid", "guid", "key", "index", "idx", "nr", "no", "rowid"))
SPLITS = ("split", "set", "subset", "partition", "fold", "dataset", "usage")
PARTS: dict[str, Split] = {
    "train": "train", "training": "train", "trn": "train", "learn": "train",
    "test": "test", "testing": "test", "tst": "test", "holdout": "test", "eval": "test",
    "evaluation": "test",
    "dev": "train", "val": "train", "valid": "train", "validation": "train",
    "development": "train",
}  # fmt: skip
VALIDATION = frozenset(("dev", "val", "valid", "validation", "development"))
DATE_WORDS = "date time timestamp datetime created updated modified at ts epoch"
DATES = frozenset(DATE_WORDS.split())

TEXT_RANK = {name: rank for rank, name in enumerate(TEXT.split())}
LABEL_RANK = {name: rank for rank, name in enumerate(LABEL.split())}
ANSWER_RANK = {name: rank for rank, name in enumerate(ANSWER.split())}
QUANTITIES = frozenset(QUANTITY.split())
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(name: str) -> tuple[str, ...]:
    """Cut `customerID`, `is-spam` or `Age (years)` into words in lower case."""
    spaced = CAMEL.sub(" ", unicodedata.normalize("NFC", name))
    return tuple(re.findall(r"[^\W_]+", spaced.casefold()))


def plain(name: str) -> str:
    """Return `name` as words joined by underscores, for look-up."""
    return "_".join(words_of(name))

"""The tables; a change here needs a migration beside it in `hotfit.store.migrations`.

Every order is by a sequence number. Times are UTC in ISO form, for people alone.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    text,
)

from hotfit.store.columns import Json, Key, Words

SCHEMA = "2026_11_26_files"
"""The revision these tables are at; a test holds it equal to the newest migration."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

revisions = Table(
    "alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),  # as Alembic makes it
)


functions = Table(
    "functions",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("name_key", Words, nullable=False, unique=True),
    Column("input", Words, nullable=False),
    Column("output", Words, nullable=False),
    Column("target", Words),
    Column("fields", Json, nullable=False),
    Column("plan", Json, nullable=False),
    Column("created", Words, nullable=False),
    Column("live", Words),
    Column("change", Key, nullable=False),
    Column("project_id", Words),
    Column("pinned", Words),
)
"""`live` is the version that answers; while it is `pinned` too, no newer one takes over."""

projects = Table(
    "projects",
    metadata,
    Column("number", Key, primary_key=True),
    Column("id", Words, nullable=False, unique=True),
    Column("name", Words, nullable=False),
)

labels = Table(
    "labels",
    metadata,
    Column("id", Words, primary_key=True),
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), nullable=False),
    Column("name", Words, nullable=False),
    Column("name_key", Words, nullable=False),
    Column("description", Words),
    Column("metadata", Json),
    Column("position", Integer, nullable=False),
    Column("former", Json),
    UniqueConstraint("function_id", "name_key"),
)
"""`former` is a list of [change, key]: until that change the label had the name of that key."""

origins = Table(
    "origins",
    metadata,
    Column("id", Key, primary_key=True),
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), nullable=False),
    Column("name", Words, nullable=False),
    UniqueConstraint("function_id", "name"),
)

samples = Table(
    "samples",
    metadata,
    Column("id", Key, primary_key=True),
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), nullable=False),
    Column("origin_id", ForeignKey("origins.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("external_id", Words),
    Column("data", Words),
    Column("blob", Words),
    Column("file", Words),
    Column("content_hash", LargeBinary, nullable=False),
    Column("split", Words),
    Column("stated", Words),
    Column("seen", Key, nullable=False),
    Column("created", Words),
    UniqueConstraint("function_id", "external_id"),
    Index(None, "origin_id", "number"),
    Index(None, "origin_id", "content_hash"),
    Index(None, "function_id", "content_hash"),
    Index(None, "function_id", "id"),
    sqlite_autoincrement=True,
)
"""Identifiers are never given out again, as findings and captures name them.

`stated` is the annotation as the source gave it, `file` what it calls the file of an image; `seen`
is the change that last met the sample.
"""

sample_sets = Table(
    "sample_sets",
    metadata,
    Column("id", Words, primary_key=True),
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), nullable=False),
    Column("name", Words, nullable=False),
    Column("name_key", Words, nullable=False),
    Column("trains", Boolean, nullable=False),
    UniqueConstraint("function_id", "name_key"),
)
"""`trains` says whether the samples of the set are learned from."""

sample_set_members = Table(
    "sample_set_members",
    metadata,
    Column("sample_id", ForeignKey("samples.id", ondelete="CASCADE"), nullable=False),
    Column("set_id", ForeignKey("sample_sets.id", ondelete="CASCADE"), nullable=False),
    Column("weight", Float),
    PrimaryKeyConstraint("sample_id", "set_id"),
    Index(None, "set_id"),
)

annotations = Table(
    "annotations",
    metadata,
    Column("id", Key, primary_key=True),
    Column("sample_id", ForeignKey("samples.id", ondelete="CASCADE"), nullable=False),
    Column("value", Words),
    Column("author", Words, nullable=False),
    Column("created", Words, nullable=False),
    Column("latest", Boolean, nullable=False),
    Index(None, "sample_id"),
    Index(
        "uq_annotations_latest",
        "sample_id",
        unique=True,
        sqlite_where=text("latest"),
        postgresql_where=text("latest"),
    ),
)
"""`value` is JSON: a list of [label id, present], or a number; NULL where it was withdrawn."""

changes = Table(
    "changes",
    metadata,
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), nullable=False),
    Column("number", Key, nullable=False),
    Column("kind", Words, nullable=False),
    Column("payload", Json, nullable=False),
    Column("created", Words, nullable=False),
    Column("done", Boolean, nullable=False),
    PrimaryKeyConstraint("function_id", "number"),
    Index(
        "ix_changes_open",
        "function_id",
        sqlite_where=text("NOT done"),
        postgresql_where=text("NOT done"),
    ),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Words, primary_key=True),
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("change", Key, nullable=False),
    Column("build", Words, nullable=False),
    Column("encoders", Json, nullable=False),
    Column("head", Words, nullable=False),
    Column("artifact", Words, nullable=False),
    Column("fingerprint", Words, nullable=False),
    Column("scores", Json, nullable=False),
    Column("verdict", Json, nullable=False),
    Column("findings", Json, nullable=False),
    Column("parent", Words),
    Column("created", Words, nullable=False),
    Column("seconds", Float, nullable=False),
    UniqueConstraint("function_id", "number"),
)

rolls = Table(
    "rolls",
    metadata,
    Column("version_id", ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("blob", Words, nullable=False),
    Column("edits", Json),
    Index(None, "blob"),
)
"""What a version was trained on: the samples listed in a blob, but for `edits`.

`edits` is a list of [sample id, content hash, label id], the last two NULL where it is gone.
"""

findings = Table(
    "findings",
    metadata,
    Column("id", Key, primary_key=True),
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), nullable=False),
    Column("key", Words, nullable=False),
    Column("version_id", Words),
    Column("kind", Words, nullable=False),
    Column("samples", Json, nullable=False),
    Column("score", Float, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("status", Words, nullable=False),
    Column("undo", Json),
    Column("author", Words),
    Column("settled", Words),
    Column("change", Key),
    UniqueConstraint("function_id", "key"),
    Index(None, "function_id", "kind"),
    sqlite_autoincrement=True,
)
"""What the last examination found, and all that a person has settled.

`key` is what a finding is known by from examination to examination, `version_id` the version that
it was last found for, which may be gone. `undo` takes an accepted fix back; `change` is the one
that settled it.
"""

jobs = Table(
    "jobs",
    metadata,
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Words, nullable=False),
    Column("fence", Key, nullable=False),
    Column("beat", Key, nullable=False),
    Column("owner", Words),
    Column("state", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("change", Key, nullable=False),
    Column("reason", Words),
    Column("step", Words),
    Column("done", Key),
    Column("total", Key),
    PrimaryKeyConstraint("function_id", "kind"),
)
"""Who works on a function. `fence` grows with every taking, `beat` while the taker lives.

`change` is the one the work was last done for, `reason` why it was not. `done` of `total` parts of
a `step` are behind the taker.
"""

retired_blobs = Table(
    "retired_blobs",
    metadata,
    Column("key", Words, primary_key=True),
)
"""Blobs of versions that were pruned: deleted when old enough and nothing refers to them."""

captures = Table(
    "captures",
    metadata,
    Column("id", Key, primary_key=True),
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("data", Words),
    Column("blob", Words),
    Column("reason", Words, nullable=False),
    Column("label_id", Words),
    Column("confidence", Float),
    Column("version", Words, nullable=False),
    Column("external_id", Words),
    Column("created", Words, nullable=False),
    Column("day", Integer, nullable=False),
    UniqueConstraint("function_id", "content_hash"),
    Index(None, "function_id", "id"),
    Index(None, "day"),
    sqlite_autoincrement=True,
)
"""Calls kept for review. `version` is what answered, `day` counts from 1970."""

vectors = Table(
    "vectors",
    metadata,
    Column("encoder", Words, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("encoder", "content_hash"),
)
"""`data` is float32, little-endian."""

layouts = Table(
    "layouts",
    metadata,
    Column("function_id", ForeignKey("functions.id", ondelete="CASCADE"), primary_key=True),
    Column("encoder", Words, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""The landmarks of a function's map and their places, as safetensors."""

keys = Table(
    "keys",
    metadata,
    Column("id", Words, primary_key=True),
    Column("sealed", Words, nullable=False),
    Column("hint", Words, unique=True),
    Column("role", Words, nullable=False),
    Column("functions", Json),
    Column("per_minute", Integer),
    Column("created", Words, nullable=False),
    Column("used", Words),
    Column("revoked", Words),
)
"""`sealed` is a salted digest of the secret; `hint` how a random secret begins.

`functions` are the identifiers of the only functions the key reaches. Revoked keys stay, as
annotations name them.
"""

tokens = Table(
    "tokens",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("key_id", ForeignKey("keys.id", ondelete="CASCADE"), nullable=False),
    Column("expires", Key, nullable=False),
    Index(None, "key_id"),
    Index(None, "expires"),
)
"""`expires` is in seconds since 1970."""

throttles = Table(
    "throttles",
    metadata,
    Column("name", Words, primary_key=True),
    Column("started", Key, nullable=False),
    Column("times", Integer, nullable=False),
)
"""How often something happened in the minute from `started`, in milliseconds since 1970."""

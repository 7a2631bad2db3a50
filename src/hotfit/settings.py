"""Every setting of hotfit; nothing else reads the environment."""

from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from hotfit.errors import Refusal


def _default_home() -> Path:
    return user_data_path("hotfit", appauthor=False)


def _default_cache() -> Path:
    return user_cache_path("hotfit", appauthor=False)


class SettingRefused(Refusal):
    """A setting has a value that it cannot have."""

    def __init__(self, *, names: list[str], reason: str) -> None:
        variables = ", ".join(f"HOTFIT_{name.upper()}" for name in names)
        super().__init__(f"the setting {variables} cannot be read: {reason}.")


class Settings(BaseSettings):
    """What can be set, each by an environment variable of its own name after `HOTFIT_`."""

    model_config = SettingsConfigDict(env_prefix="HOTFIT_", frozen=True, env_ignore_empty=True)

    home: Path = Field(
        default_factory=_default_home,
        description="Folder where functions, samples and trained versions live.",
    )
    cache: Path = Field(
        default_factory=_default_cache,
        description="Folder for what can be fetched or computed again.",
    )
    database: str | None = Field(
        default=None,
        description="Database URL; the default is the SQLite file hotfit.db in the home.",
    )
    weights: Path | None = Field(
        default=None,
        description="Folder with copies of encoder weights, looked in before anywhere else.",
    )
    text_encoder: str = Field(
        default="minilm-l6.v1",
        description="The encoder that reads texts, by its name in the catalogue.",
    )
    image_encoder: str | None = Field(
        default=None,
        description="The encoder that reads images; the default is the best one at hand.",
    )
    offline: bool = Field(
        default=False,
        description="Never open a network connection to fetch weights.",
    )
    image_addresses: bool = Field(
        default=False,
        description="Fetch images that a table names by http(s) address, from public hosts alone.",
    )
    server: str | None = Field(
        default=None,
        description="Address of the server that folders are pulled from and pushed to.",
    )
    key: SecretStr | None = Field(
        default=None,
        description="The key that opens that server.",
    )
    rest_seconds: float = Field(
        default=2.0,
        description="Seconds a function must rest before a server examines and tunes it.",
        ge=0,
    )
    live_functions: int = Field(
        default=16,
        description="Functions a worker keeps in memory to learn edits in milliseconds.",
        ge=1,
    )
    training_attempts: int = Field(
        default=5,
        description="Failed attempts after which a function is not trained until it changes.",
        ge=1,
    )
    hosts: tuple[str, ...] = Field(
        default=(),
        description="Names a server answers to besides those of its own machine, as JSON.",
    )
    origins: tuple[str, ...] = Field(
        default=(),
        description="Pages of other sites that may write to a server, as JSON: https://NAME.",
    )
    resident_versions: int = Field(
        default=50,
        description="Versions a server keeps in memory; others are read when they are asked for.",
        ge=1,
    )
    captures: bool = Field(
        default=True,
        description="Keep calls that teach something for review, unless a call asks not to.",
    )
    capture_share: float = Field(
        default=0.01,
        description="Share of all calls that is kept for review besides those that stand out.",
        ge=0,
        le=1,
    )
    capture_days: int = Field(
        default=30,
        description="Days after which a captured call is forgotten.",
        ge=1,
    )
    notice_seconds: float = Field(
        default=0.5,
        description="Seconds a server that was told to stop goes on answering, no longer ready.",
        ge=0,
    )
    largest_body: int = Field(
        default=16 << 20,
        description="Bytes of a request body, but for imports.",
        ge=1024,
    )

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            names = [str(part) for part in first["loc"]]
            raise SettingRefused(names=names, reason=first["msg"]) from None

    @property
    def database_url(self) -> str:
        """The database to open, as a URL."""
        return self.database or f"sqlite:///{self.home.expanduser().absolute() / 'hotfit.db'}"

    @property
    def weights_cache(self) -> Path:
        """The folder verified encoder weights are kept in."""
        return self.cache.expanduser() / "weights"

    @property
    def blobs_folder(self) -> Path:
        """The folder of content-addressed files: images and trained artifacts."""
        return self.home.expanduser() / "blobs"

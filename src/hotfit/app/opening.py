"""Opens a version of a home, without what serves it over HTTP."""

from hotfit.app.app import App
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.store.artifacts import unpack


def open_version(app: App, version: Version) -> TrainedFunction:
    """The trained function of a version; its encoder keeps what it encodes."""
    state = unpack(app.blobs.get(version.artifact))
    return TrainedFunction.load(state, open_encoder=app.bench().open_encoder)

"""What an archive of a function, and a model that was taken out of one, hold.

    hotfit.json            what the function is, its labels, sets and live version, and the SHA-256
                           of the files below
    samples.jsonl          a sample a line, oldest first: data, external id, split, what was said
    artifact.safetensors   the live version, where there is one
    images/<sha256>        the image files that samples refer to
    encoders/<sha256>      the files of the encoders that read, where they were asked for

An archive has samples and no encoders, a model encoders at most and no samples. Labels, sets and
samples refer to one another by their place, from 0; identifiers stay behind.
"""

import re

FORMAT = "hotfit.function.v1"
MODEL_FORMAT = "hotfit.model.v1"
MANIFEST = "hotfit.json"
SAMPLES = "samples.jsonl"
ARTIFACT = "artifact.safetensors"
IMAGES = "images/"
WEIGHTS = "encoders/"

NAME = re.compile(
    r"hotfit\.json|samples\.jsonl|artifact\.safetensors|(?:images|encoders)/[0-9a-f]{64}"
)
"""Every name that a member may have; an archive with another one is refused."""

"""The image encoders hotfit knows, best first, as entries of the catalogue."""

from hotfit.encoders.catalogue import ENCODERS, Entry, File, Preparation
from hotfit.types import Input

MOBILENET = ENCODERS.register(
    "mobilenet-v2.v1",
    Entry(
        name="mobilenet-v2.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=1280,
        repository="onnxmodelzoo/mobilenetv2-12-qdq",
        revision="main",
        files=(
            File(
                name="mobilenetv2-12-qdq.onnx",
                sha256="41a36090dafe98f4ad8f9b7fe0b218c56ac3c031e547f0367c30655d2702bffe",
                size=3_593_903,
            ),
        ),
        preparation=Preparation(
            side=224,
            mean=(0.485 * 255, 0.456 * 255, 0.406 * 255),
            deviation=(0.229 * 255, 0.224 * 255, 0.225 * 255),
            cut="464_QuantizeInput",
            fuse=True,
        ),
        parameters=2_223_872,
        summary="photographs; small and quick (MobileNetV2, ImageNet, 8-bit)",
    ),
)

SQUEEZENET = ENCODERS.register(
    "squeezenet-1.1.v1",
    Entry(
        name="squeezenet-1.1.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=512,
        repository="onnxmodelzoo/squeezenet1.1-fp16",
        revision="main",
        files=(
            File(
                name="squeezenet1.1-fp16.onnx",
                sha256="21f25e3d9254af93e6218a359469fac714a017b3f9035c0f5c4acbf9a3ff7233",
                size=2_484_091,
            ),
        ),
        preparation=Preparation(
            side=224,
            order="BGR",
            mean=(104.0, 117.0, 123.0),
            deviation=(1.0, 1.0, 1.0),
            cut="fire9/concat_1",
            batch=1,
        ),
        parameters=1_235_496,
        licence="MIT",
        summary="photographs; very small (SqueezeNet 1.1, ImageNet, 16-bit)",
    ),
)

PIXELS = ENCODERS.register(
    "pixels.v1",
    Entry(
        name="pixels.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.pixels:load",
        dimensions=2860,
        normalised=False,
        summary="colours, edges and textures: no weights, where no image network is at hand",
    ),
)
"""The image encoder that needs nothing."""

IMAGE_ENCODERS = (MOBILENET, SQUEEZENET)
"""Pretrained image networks, best first."""

"""Image networks published as ONNX on the Hugging Face hub; `text_entries` says what is verified.

Pictures are prepared as everywhere in hotfit, from their middle square, also where the authors
squash the whole picture. DINOv2 and DINOv3 learned from images alone, the others from captions or
ImageNet labels; MobileNetV4 and ConvNeXt give their 1,000 class scores as the vector.
"""

from hotfit.encoders.catalogue import ENCODERS, Entry, File, Preparation
from hotfit.types import Input

_SEEN = (0.485 * 255, 0.456 * 255, 0.406 * 255)
_SPREAD = (0.229 * 255, 0.224 * 255, 0.225 * 255)
IMAGENET = Preparation(side=224, mean=_SEEN, deviation=_SPREAD, fuse=True)
"""What networks trained on ImageNet expect."""

HALF = Preparation(side=224, mean=(127.5,) * 3, deviation=(127.5,) * 3, fuse=True)
"""From -1 to 1."""

UNIT = Preparation(side=256, mean=(0.0,) * 3, deviation=(255.0,) * 3, fuse=True)
"""From 0 to 1."""

CLIP = Preparation(
    side=224,
    mean=(0.48145466 * 255, 0.4578275 * 255, 0.40821073 * 255),
    deviation=(0.26862954 * 255, 0.26130258 * 255, 0.27577711 * 255),
    fuse=True,
)
"""What CLIP was trained with."""

for _entry in (
    Entry(
        name="mobilenet-v4-small.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=1000,
        repository="onnx-community/mobilenetv4_conv_small.e2400_r224_in1k",
        revision="3ba07f12712fa58fd6b3d661f9909c9e332c5005",
        files=(File(name="onnx/model.onnx"),),
        preparation=IMAGENET,
        normalised=False,
        parameters=3_800_000,
        licence="Apache-2.0 upstream; the export states none",
        summary="photographs; very small (MobileNetV4, ImageNet)",
    ),
    Entry(
        name="mobileclip-s0.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=512,
        repository="Xenova/mobileclip_s0",
        revision="757d59c9c6870a76a4b0306f05f5061bca15c39f",
        files=(
            File(
                name="onnx/vision_model.onnx",
                sha256="17d3c037b1d488c10c50e09f6009ea5a198caef4e0e8f4ea5617b7cb2d067ac0",
                size=45_543_630,
            ),
        ),
        preparation=UNIT,
        output="image_embeds",
        parameters=11_400_000,
        licence="Apple machine learning research licence (research only)",
        summary="photographs and drawings; small (MobileCLIP-S0)",
    ),
    Entry(
        name="convnext-tiny.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=1000,
        repository="Xenova/convnext-tiny-224",
        revision="main",
        files=(File(name="onnx/model.onnx"),),
        preparation=IMAGENET,
        normalised=False,
        parameters=28_600_000,
        summary="photographs (ConvNeXt tiny, ImageNet)",
    ),
    Entry(
        name="dinov3-small.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=384,
        repository="onnx-community/dinov3-vits16-pretrain-lvd1689m-ONNX",
        revision="48988dfe73065df8d6f5ccc0edc7c8bcf307de41",
        files=(
            File(
                name="onnx/model.onnx",
                sha256="bb75e9e30ff382ecdbd150266445ab41272be4acc85fd3563218dd89781e36da",
                size=137_969,
            ),
            File(
                name="onnx/model.onnx_data",
                sha256="1eff0bb9f4fdef831ca61c8bc2b5c88d8cc21ef4756d3b483d9b9c15d8d5d27f",
                size=86_347_776,
            ),
        ),
        preparation=IMAGENET,
        output="pooler_output",
        parameters=21_600_000,
        licence="DINOv3 licence (not an open-source licence)",
        summary="what things look like (DINOv3 ViT-S/16)",
    ),
    Entry(
        name="dinov2-small.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=384,
        repository="onnx-community/dinov2-small",
        revision="8b1f705a3a7f6f062f6bdd21986c1583d3ef105d",
        files=(
            File(
                name="onnx/model.onnx",
                sha256="f22797eabf810a75e41de68d378541ebea372122b25c4ce3ef25ff618250c20a",
                size=88_532_934,
            ),
        ),
        preparation=IMAGENET,
        output="last_hidden_state",
        pooling="first",
        parameters=22_100_000,
        summary="what things look like (DINOv2 ViT-S/14)",
    ),
    Entry(
        name="clip-vit-b32.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=512,
        repository="Qdrant/clip-ViT-B-32-vision",
        revision="e0c24ed0fa57fa3e4f97f30de74c51d944036ace",
        files=(
            File(
                name="model.onnx",
                sha256="c68d3d9a200ddd2a8c8a5510b576d4c94d1ae383bf8b36dd8c084f94e1fb4d63",
                size=351_686_194,
            ),
        ),
        preparation=CLIP,
        output="image_embeds",
        parameters=87_800_000,
        licence="MIT",
        summary="photographs and drawings (CLIP ViT-B/32)",
    ),
    Entry(
        name="dinov2-base.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=768,
        repository="onnx-community/dinov2-base",
        revision="31ef06cac16d5d301c5930d147002a058c85a5e4",
        files=(
            File(
                name="onnx/model.onnx",
                sha256="320d1012a6fc65b101fc85ca30ee7a47b2e4f6a2e8bd78fb9d7036def0e30cb0",
                size=346_627_111,
            ),
        ),
        preparation=IMAGENET,
        output="last_hidden_state",
        pooling="first",
        parameters=86_600_000,
        summary="what things look like, finer (DINOv2 ViT-B/14)",
    ),
    Entry(
        name="siglip2-base.v1",
        input=Input.IMAGE,
        loader="hotfit.encoders.image:load",
        dimensions=768,
        repository="onnx-community/siglip2-base-patch16-224-ONNX",
        revision="ba1f3b0843f24bc5417d38e19c37b287d719b2f4",
        files=(
            File(
                name="onnx/vision_model.onnx",
                sha256="c0573e3f4140c3a7c4e9cc5912bd6b26a033b46a6a8e8af26cbea262b163bcad",
                size=371_807_752,
            ),
        ),
        preparation=HALF,
        output="pooler_output",
        parameters=93_000_000,
        summary="photographs and drawings, what they show (SigLIP 2 base)",
    ),
):
    ENCODERS.register(_entry.name, _entry)

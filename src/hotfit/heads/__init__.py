"""Small models trained on frozen features: features and targets in, models and held-out scores out.

May import `types`, `errors` and `registry`; never a database, HTTP, the environment or a clock.
"""

from hotfit.heads.base import Head
from hotfit.heads.blend import Blend
from hotfit.heads.boosting import Boosting
from hotfit.heads.discriminant import Discriminant
from hotfit.heads.fake import Fake
from hotfit.heads.linear import Linear
from hotfit.heads.logistic import Logistic
from hotfit.heads.mixture import Mixture
from hotfit.heads.neighbours import Neighbours
from hotfit.heads.ridge import Ridge
from hotfit.heads.stack import Stack, StackedRidge
from hotfit.heads.tag_blend import TagBlend
from hotfit.heads.tag_ridge import TagRidge
from hotfit.heads.tagwise import Tagwise, TagwiseBoosting
from hotfit.registry import Registry

heads: Registry[Head] = Registry("heads")
for _head in (
    Blend(),
    Boosting(),
    Discriminant(),
    Fake(),
    Linear(),
    Logistic(),
    Mixture(),
    Neighbours(),
    Ridge(),
    Stack(),
    StackedRidge(),
    TagBlend(),
    TagRidge(),
    Tagwise(),
    TagwiseBoosting(),
):
    heads.register(_head.name, _head)

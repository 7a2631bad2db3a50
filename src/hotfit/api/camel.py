"""What answers are made of: the members of their JSON are camelCase, as the contract has them."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class CamelModel(BaseModel):
    """A part of an answer; `label_name` leaves as `labelName`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

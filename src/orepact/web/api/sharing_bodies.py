"""What is sent to have feeds and webhooks of one's own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from orepact.service.asked import Line, WebAddress
from orepact.web.api.bodies import Sent
from orepact.web.api.parameters import kind_type


class FeedLink(Sent):
    """A secret address of your feeds, for the organisation for which you act."""

    name: Line = Field(description="What reads it.")
    days: Annotated[int, Field(ge=1, le=366)] = 366


class Webhook(Sent):
    """An address to which changes are sent, as you may see them."""

    name: Line = Field(description="What receives it.")
    url: WebAddress = Field(description="https://HOST/PATH of the public internet, port 443 or from 1024 on.")
    kinds: Annotated[list[kind_type()], Field(max_length=100)] = Field(  # type: ignore[valid-type]  # made of the kinds there are
        default_factory=list, description="Kinds of records; all when none is named."
    )

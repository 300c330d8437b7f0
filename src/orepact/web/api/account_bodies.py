"""What is sent to get in, and to say who may."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from orepact.service.asked import PLAIN, Day, Expects, Id, Line, PasswordText, text_of
from orepact.web.api.bodies import Sent
from orepact.web.api.parameters import Role


class Login(Sent):
    """Who gets in with a password."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=PLAIN), text_of(300, 1, "ana")] = Field(
        alias="account", description="The id or the e-mail address of an account."
    )
    password: PasswordText


class Choice(Sent):
    """A password that is chosen."""

    password: PasswordText


class Password(Sent):
    """Another password."""

    old: PasswordText
    new: PasswordText


class Acting(Sent):
    """For whom somebody acts from now on."""

    organisation: Id


Scope = Annotated[str, StringConstraints(pattern=r"^[a-z]+$", max_length=20), Expects("a scope in small letters", "read")]


class Token(Sent):
    """A token for a program of yours, for the organisation for which you act."""

    name: Line = Field(description="What it is for.")
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=10)] = Field(default_factory=lambda: ["read"])
    days: Annotated[int, Field(ge=1, le=366)] = 90


class Account(Sent):
    """An account, in an organisation with roles, or of a guest."""

    id: Id
    name: Line
    email: Annotated[str, StringConstraints(pattern=PLAIN, max_length=254), text_of(254, example="ana@example.org")] = ""
    person: Id | Literal[""] = ""
    organisation: Id | Literal[""] = ""
    roles: Annotated[list[Role], Field(max_length=10)] = Field(default_factory=list)
    guest: bool = False
    until: Day | Literal[""] = ""

    def arguments(self) -> dict[str, Any]:
        """What was sent, as arguments of the use case."""
        from orepact.service.access import New

        return {"new": New(**super().arguments())}


class Standing(Sent):
    """Whether an account may get in."""

    state: Literal["active", "locked", "closed"]


class Invited(Sent):
    """A link by which the bearer of an account chooses a password."""

    days: Annotated[int, Field(ge=1, le=30)] | None = None

    def arguments(self) -> dict[str, Any]:
        """What was sent, as arguments of the use case."""
        return {} if self.days is None else {"days": self.days}


class Membership(Sent):
    """A role in an organisation."""

    account: Id
    organisation: Id
    role: Role
    until: Day | None = None


class Client(Sent):
    """With whom an owner shares what is amber."""

    owner: Id
    organisation: Id
    until: Day | None = None
    ends: bool = False


class Community(Sent):
    """An organisation of the community, or one that leaves it."""

    organisation: Id
    leaves: bool = False

"""Define problem documents."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from web.api.models.fields import Model


class WrongFieldShown(Model):
    """A field that cannot be taken, and why."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """An error as RFC 9457 has it; it may have further members."""

    model_config = ConfigDict(extra="allow")

    type: str
    """A word of Kvitto's by which programs tell problems apart."""
    title: str
    status: int
    detail: str = ""
    """A sentence about the error and its remedy."""
    errors: tuple[WrongFieldShown, ...] = ()

"""A body or query of the API, against the model of each operation."""

from __future__ import annotations

import json

from pydantic import ValidationError

from web.api.models.fields import Model
from web.api.parsing import load_json
from web.api.table import ROUTES
from web.problems import ProblemError

MODELS: tuple[type[Model], ...] = tuple(
    dict.fromkeys(
        model for route in ROUTES for model in (route.body, route.query) if isinstance(model, type)
    )
)
_EXPENSE = {
    "amount": "12.50",
    "currency": "EUR",
    "date": "2026-11-20",
    "note": "coffee",
    "tags": ["office"],
}
SEEDS = (
    *(bytes([number]) + json.dumps(_EXPENSE).encode() for number in range(len(MODELS))),
    b'\x00{"amount": 1e400, "date": "9999-12-31"}',
    b'\x01{"limit": "-1", "cursor": "AAAA", "from": "2026-02-30"}',
    b'\x02{"rule": {"every": 1, "unit": "month"}, "starts_on": "2026-01-31"}',
)


def enter(data: bytes) -> None:
    """Read the bytes behind the first one as JSON for the model that the first one chooses."""
    if not data:
        return
    model = MODELS[data[0] % len(MODELS)]
    try:
        found = model.model_validate(load_json(data[1:]))
    except ValidationError as error:
        # A refusal is told by its fields, which must be possible too.
        error.errors(include_url=False, include_input=False, include_context=False)
        return
    except ProblemError:
        return
    # What was understood can be kept for a repeat of the call.
    found.model_dump_json()

"""Prices: by name, by family, dear when unknown, nothing on our own machine; rests grow."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ai.circuit_breaker import FAILURES_MAX, LONG_OPEN_SECONDS, OPEN_SECONDS, CircuitBreaker
from ai.prices import FREE, count_tokens, price_of
from ledger.errors import UnavailableError


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gpt-5.4-mini", "0.75"),
        ("gpt-5.4-mini-2026-03-17", "0.75"),  # a dated version
        ("gpt-5.4-nano", "0.20"),  # not its family's
        ("gpt-5.4", "2.50"),
        ("gemini-2.5-flash-lite", "0.10"),
        ("a-model-of-tomorrow", "5.00"),  # dear on purpose
    ],
)
def test_a_model_costs_what_its_name_says(model: str, dollars: str) -> None:
    assert price_of(model).input == Decimal(dollars)


@pytest.mark.parametrize(
    ("base_url", "free"),
    [
        ("http://localhost:11434/v1", True),
        ("http://192.168.1.5:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://ollama:11434/v1", True),  # a neighbour container
        ("https://generativelanguage.googleapis.com/v1beta/openai", False),
        ("https://8.8.8.8/v1", False),
        ("", False),
    ],
)
def test_a_server_of_our_own_is_free(base_url: str, *, free: bool) -> None:
    assert (price_of("gpt-5.4-mini", base_url) == FREE) is free


def test_costs_are_rounded_up_to_a_millionth() -> None:
    assert price_of("gpt-5.4-nano").tokens(1, 1) == 2
    assert price_of("whisper-1").speech(1) == 100
    assert price_of("textract").pages(3) == 30_000


@pytest.mark.parametrize("text", ["", "coffee", "кофе", "珈琲を一杯", "☕" * 100])
def test_tokens_are_never_counted_too_few(text: str) -> None:
    assert count_tokens(text) >= len(text.encode()) / 3


def test_rests_grow_and_one_success_ends_them() -> None:
    now = [0.0]
    breaker = CircuitBreaker(lambda: now[0])
    for _ in range(FAILURES_MAX):
        breaker.require_closed()
        breaker.record_failure()
    with pytest.raises(UnavailableError):
        breaker.require_closed()
    now[0] = OPEN_SECONDS + 1
    breaker.require_closed()
    with pytest.raises(UnavailableError):
        breaker.require_closed()  # one call at a time tries it again
    breaker.record_failure()
    now[0] += OPEN_SECONDS + 2
    with pytest.raises(UnavailableError):
        breaker.require_closed()
    now[0] += LONG_OPEN_SECONDS
    breaker.require_closed()
    breaker.record_success()
    breaker.require_closed()
    breaker.record_failure(permanent=True)
    assert breaker.open_until == now[0] + LONG_OPEN_SECONDS

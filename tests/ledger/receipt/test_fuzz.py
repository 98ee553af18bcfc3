"""Whatever a reader saw, understanding it never fails and never takes long."""

import random
import time
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.drawn.till import NOW, packs, ring_up, typeset
from ledger.receipt import ReceiptContext, build_drafts
from ledger.receipt.reading import Box, Code, Page, Reading, TextRun

CONTEXT = ReceiptContext(datetime(2026, 11, 21, tzinfo=UTC))
WORDS = st.sampled_from(
    (
        "TOTAL",
        "Summe",
        "CASH",
        "12.34",
        "1,234.50",
        "-3,30",
        "合計",
        "¥1,280",
        "25/12/2018",
        "GST 6%",
        "9" * 40,
        "1 234 567 890 123 456 789.00",
        "2 x 3.50",
        "\u202e",
        "0.00",
        "Rounding",
        "...",
        "٣٫٥٠",
    )
)
TEXT = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=6).map(" ".join))
NUMBER = st.floats(-50, 5000, allow_nan=False)
LINE = st.builds(
    TextRun,
    TEXT,
    st.tuples(*[NUMBER] * 8).map(Box),
    st.floats(0, 1),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINE, max_size=25), st.lists(TEXT, max_size=2))
def test_no_reading_breaks_the_rules(lines: list[TextRun], codes: list[str]) -> None:
    page = Page(1000.0, 2000.0, tuple(lines), tuple(Code(text, "QRCode") for text in codes))
    for draft in build_drafts(Reading("local", (page, page)), CONTEXT):
        assert draft.total is None or draft.total > 0
        assert not draft.sure or (draft.total is not None and draft.currency is not None)
        assert draft.on is not None or not draft.sure or "date" in draft.marks


def test_cut_and_garbled_receipts_are_never_sure_of_a_wrong_total() -> None:
    seed = 20261121
    print("seed", seed)
    rng = random.Random(seed)
    sure = wrong = 0
    for number in range(150):
        drawn = ring_up(rng.randrange(10**6), rng.choice(sorted(packs())))
        (page,) = typeset(drawn, number, noise=0.3).pages
        kept = tuple(line for line in page.lines if rng.random() > 0.15)
        drafts = build_drafts(
            Reading("local", (Page(page.width, page.height, kept),)), ReceiptContext(NOW)
        )
        for draft in drafts:
            sure += draft.sure
            wrong += draft.sure and f"{draft.total}" != drawn.truth["total"]
    assert wrong <= max(1, sure // 50)


def test_a_wall_of_text_takes_bounded_time() -> None:
    rng = random.Random(7)
    lines = tuple(
        TextRun(
            f"item {number} {rng.randrange(100)}.{rng.randrange(100):02}",
            Box.upright(x := 60.0 * (number % 20), y := 14.0 * (number // 20), x + 55, y + 12),
            0.99,
        )
        for number in range(2000)
    )
    started = time.process_time()
    build_drafts(Reading("local", (Page(1300, 1500, lines),)), CONTEXT)
    # A second; a rule that compares all with all would take minutes.
    assert time.process_time() - started < 6

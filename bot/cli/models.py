"""Show the trained models and the counts of a challenger (`kvitto models`).

Shown are versions, sizes, what was learned and counts; never a text.
"""

from __future__ import annotations

import asyncio
from importlib.resources import files
from typing import Literal

from ai import provenance
from ai.categories.model import bundled, read_about
from ai.provenance import About
from bot.setup.models import ModelStore, drop, model_store_of, promote, revert
from bot.setup.settings import Settings, read_settings
from ledger.errors import UnavailableError
from ports.shadow import ShadowCounts, ShadowEvaluation
from storage import open_database

_MOVES = {"promote": promote, "drop": drop, "revert": revert}
_SAID = {
    "promote": "the challenger is the champion",
    "drop": "the challenger is gone",
    "revert": "the model before it decides again",
}


def models(action: Literal["promote", "drop", "revert"] | None) -> int:
    """Show the models, or promote, drop or revert one.

    Raises:
        NotFoundError: there is nothing to move.
        UnavailableError: the challenger cannot be read and must not be promoted.
    """
    settings = read_settings()
    store = model_store_of(settings)
    if action is None:
        return asyncio.run(_show(settings, store))
    if action == "promote" and store.challenger.is_dir():
        _try(store)
    _MOVES[action](store)
    print(f"{_SAID[action]}; a running bot takes it up when it is started again")
    return 0


def _try(store: ModelStore) -> None:
    """Load the challenger once, as an unreadable one leaves the bot with the bundled model."""
    from ai.categories.model import open_model  # noqa: PLC0415  # the tables, only to promote

    open_model(store.challenger)


async def _show(settings: Settings, store: ModelStore) -> int:
    print("categories")
    promoted = store.champion.is_dir()
    champion = read_about(store.champion if promoted else bundled())
    _print_about("champion", champion, "promoted" if promoted else "bundled")
    if store.challenger.is_dir():
        challenger = read_about(store.challenger)
        _print_about("challenger", challenger, "in the shadow")
        contest = ShadowEvaluation(champion.version, challenger.version)
        _print_counts(await _find_counts(settings, contest))
    else:
        print(f"  no challenger; training can put one into {store.challenger}")
    print("receipts")
    fields = files("ledger.receipt.fields")
    weights = provenance.read_about([fields / "weights.toml"], fields / "weights.about.json")
    _print_about("ranking", weights, "bundled")
    return 0


async def _find_counts(settings: Settings, contest: ShadowEvaluation) -> ShadowCounts | None:
    url = settings.database_url.get_secret_value()
    try:
        async with open_database(url) as database:
            return await database.tallies.find(contest)
    except UnavailableError:
        return None


def _print_about(role: str, about: About, place: str) -> None:
    print(f"  {role:<11}{about.version}  {place}, {about.size_bytes / 1000:,.0f} kB")
    if about.trained_on is None:
        print(" " * 13 + "no note says when and on what it was trained")
        return
    total = sum(count for _, count in about.learned)
    print(" " * 13 + f"trained {about.trained_on} on {total:,}:")
    for source, count in about.learned:
        print(" " * 15 + f"{count:>7,}  {source}")


def _print_counts(counts: ShadowCounts | None) -> None:
    if counts is None:
        print(" " * 13 + "nothing counted yet; it answers from the bot's next start on")
        return
    tally, since = counts.tally, counts.since.strftime("%Y-%m-%d %H:%M UTC")
    right = f"champion right {tally.champion_right:,}, challenger right {tally.challenger_right:,}"
    differed = tally.filed - tally.filed_alike
    for line in (
        f"counted since {since}",
        f"filed by a guess     {tally.filed:>7,}   same answer {tally.filed_alike:,}",
        f"corrected by people  {tally.corrected:>7,}   same answer {tally.corrected_alike:,}, {right}",
        "People correct where the champion is wrong: weigh the challenger's lead there against",
        f"the {differed:,} entries that it would have filed differently.",
    ):
        print(" " * 13 + line)

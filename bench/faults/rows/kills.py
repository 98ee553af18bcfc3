"""Try what must survive when processes end."""

from __future__ import annotations

import asyncio

from bench.faults.due import let_summaries_be_due
from bench.faults.program import Program
from bench.faults.rows.order import count_out_of_order
from bench.faults.rows.stage import (
    CHATS,
    DRAIN_SECONDS,
    PER_SECOND,
    STARTING_PER_SECOND,
    Line,
    Stage,
    as_seconds,
    webhook_settings,
)
from bench.faults.workload import Verdict
from bench.free_ports import free_port

EARLY_SHARE = 0.15
"""Kills that hit the start; the others hit a program that answers."""


async def killed(stage: Stage) -> list[Line]:
    """D01, D06, D07: kill -9 at random times while twenty chats write."""
    return await _kill_rounds(stage, "polling")


async def killed_webhook(stage: Stage) -> list[Line]:
    """D02: the same with posts instead of polls."""
    stage.extra = webhook_settings(stage)
    return await _kill_rounds(stage, "webhook")


async def _kill_rounds(stage: Stage, way: str) -> list[Line]:
    town, program = stage.town, stage.program
    town.settle(CHATS)
    for _ in range(stage.rounds):
        program.start(**stage.extra)
        if stage.rng.random() < EARLY_SHARE:
            await town.live(stage.rng.random() * 3, STARTING_PER_SECOND)
        else:
            await town.write_until_answered(STARTING_PER_SECOND)
            await town.live(stage.rng.random() * 2.5, PER_SECOND, photo_share=0.004)
        program.kill()
    verdict, took = await stage.verdict()
    share = verdict.doubled_answers / max(verdict.texts, 1)
    figures = (
        f"{stage.rounds} kills, {verdict.texts} texts, {verdict.presses} presses: "
        f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.wrong} wrong, "
        f"integrity {verdict.integrity}, drained in {as_seconds(took)}"
    )
    answers = (
        f"{verdict.unanswered} missing, {verdict.doubled_answers} doubled "
        f"({verdict.doubled_answers / max(stage.rounds, 1):.2f} a kill, {share:.2%})"
    )
    photos = f"{verdict.photos} photos: {verdict.receipts_open} stuck, {verdict.dead} dead letters"
    row = "D01" if way == "polling" else "D02"
    kept = not (verdict.lost + verdict.doubled + verdict.wrong) and verdict.integrity == "ok"
    answered = not verdict.unanswered and verdict.doubled_answers <= stage.rounds and share <= 0.003
    return [
        Line(
            row, f"kill -9, {way}: nothing lost, nothing twice", figures, kept and took is not None
        ),
        Line("D06", f"kill -9, {way}: every confirmation arrives", answers, answered),
        Line("D07", f"kill -9, {way}: every photo ends", photos, not verdict.receipts_open),
        Line(
            "I06",
            "refusals by the Bot API",
            str(dict(verdict.refused)),
            is_refused_validly(verdict),
        ),
    ]


async def pushed(stage: Stage) -> list[Line]:
    """S03, S04: weekly summaries become due while processes are killed, two at a time on a server."""
    town, program = stage.town, stage.program
    several = not stage.database_url.startswith("sqlite")
    second = Program(program.folder, program.environment, http_port=free_port())
    rounds = max(stage.rounds // 10, 3)
    try:
        for _ in range(rounds):
            before = len(town.people)
            town.settle(CHATS)
            newcomers = town.people[before:]
            program.start()
            if several:
                second.start()
            for person in newcomers:
                town.write(person)
            await town.drained(stage.database_url, 60)
            await let_summaries_be_due(stage.database_url, newcomers)
            await asyncio.sleep(stage.rng.random() * 6)
            program.kill()
            if several:
                second.kill()
        program.start()
        if several:
            second.start()
        await asyncio.sleep(12)
        verdict, _ = await stage.verdict()
    finally:
        if second.is_running:
            second.kill()
    counts = [town.count_summaries(person) for person in town.people]
    once, more = counts.count(1), sum(count > 1 for count in counts)
    figures = (
        f"{len(counts)} chats, {rounds} kills{' of two processes' if several else ''}: "
        f"{once} once, {counts.count(0)} never, {more} twice"
    )
    # A kill between sending and marking may repeat a message; the claim never repeats.
    kept = once + more == len(counts) and more <= rounds and not verdict.lost
    return [Line("S03", "one weekly summary a chat over kills", figures, kept)]


async def stopped(stage: Stage) -> list[Line]:
    """D05: orderly stops under load."""
    town, program = stage.town, stage.program
    town.settle(CHATS)
    codes, slowest = [], 0.0
    for _ in range(stage.rounds):
        program.start()
        await town.write_until_answered(PER_SECOND)
        await town.live(stage.rng.random(), PER_SECOND)
        for _ in range(50):
            town.write()
        end = await asyncio.to_thread(program.stop)
        codes.append(end.code)
        slowest = max(slowest, end.seconds)
    verdict, _ = await stage.verdict()
    orderly = codes.count(0)
    return [
        Line(
            "D05",
            "SIGTERM under load",
            f"{orderly}/{len(codes)} exit 0, slowest {slowest:.1f} s, {verdict.texts} texts: "
            f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.unanswered} unanswered, "
            f"{verdict.doubled_answers} answered twice",
            orderly == len(codes) and verdict.is_clean and not verdict.doubled_answers,
        )
    ]


async def shared(stage: Stage) -> list[Line]:
    """Several processes, a role each, on one server; workers are killed in turn."""
    if stage.database_url.startswith("sqlite"):
        return [
            Line(
                "D01", "roles in processes of their own", "not run: needs PostgreSQL", is_kept=None
            )
        ]
    town = stage.town
    town.settle(CHATS)
    crew = [
        Program(stage.program.folder, stage.program.environment, free_port(), ("--role", role))
        for role in ("intake", "intake", "worker", "worker", "scheduler", "scheduler")
    ]
    try:
        for member in crew:
            member.start()
        await town.write_until_answered(STARTING_PER_SECOND)
        for turn in range(max(stage.rounds // 10, 3)):
            await town.live(4, PER_SECOND)
            victim = crew[2 + turn % 2]
            victim.kill()
            await town.live(2, PER_SECOND)
            victim.start()
        took = await town.drained(stage.database_url, DRAIN_SECONDS)
        verdict = await town.judge(stage.database_url)
        disorder = count_out_of_order(town)
    finally:
        for member in crew:
            if member.is_running:
                member.kill()
    figures = (
        f"2 intakes, 2 workers (killed in turn), 2 schedulers: {verdict.texts} texts: "
        f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.unanswered} unanswered, "
        f"{verdict.doubled_answers} answered twice, {disorder} out of order, "
        f"drained in {as_seconds(took)}"
    )
    kept = verdict.is_clean and not disorder and took is not None
    return [Line("D01", "roles in processes of their own", figures, kept)]


def is_refused_validly(verdict: Verdict) -> bool:
    """Whether all that was refused comes from the kills: an old press, an edit made twice."""
    expected = ("too old", "Conflict", "not modified")
    return all(any(words in refusal for words in expected) for refusal in verdict.refused)

"""Name the rows."""

from __future__ import annotations

from bench.faults.rows.calls import calls_killed
from bench.faults.rows.damage import flipped, restored
from bench.faults.rows.databases import database_away, disk_full
from bench.faults.rows.fail_points import fail_points
from bench.faults.rows.imports import imports_killed
from bench.faults.rows.kills import killed, killed_webhook, pushed, shared, stopped
from bench.faults.rows.neighbours import kept_apart
from bench.faults.rows.power import power_cut
from bench.faults.rows.roles import roles
from bench.faults.rows.stage import Row
from bench.faults.rows.telegram import (
    absent,
    doubled,
    failing,
    flooded,
    jumping,
    pressed_twice,
    unanswered,
)
from bench.faults.rows.wear import aged, rotated, storm

ROWS: dict[str, Row] = {
    "killed": killed,
    "killed_webhook": killed_webhook,
    "fail_points": fail_points,
    "disk_full": disk_full,
    "database_away": database_away,
    "imports_killed": imports_killed,
    "calls_killed": calls_killed,
    "pushed": pushed,
    "stopped": stopped,
    "unanswered": unanswered,
    "failing": failing,
    "flooded": flooded,
    "doubled": doubled,
    "shared": shared,
    "roles": roles,
    "absent": absent,
    "jumping": jumping,
    "pressed_twice": pressed_twice,
    "power_cut": power_cut,
    "flipped": flipped,
    "restored": restored,
    "aged": aged,
    "storm": storm,
    "rotated": rotated,
    "kept_apart": kept_apart,
}

"""Try the rows of promises.md, each a function from a stage to lines of the table."""

from bench.faults.rows.databases import AWAY_SECONDS, CUTS, database_away, disk_full
from bench.faults.rows.fail_points import fail_points
from bench.faults.rows.imports import imports_killed
from bench.faults.rows.kills import (
    EARLY_SHARE,
    is_refused_validly,
    killed,
    killed_webhook,
    pushed,
    shared,
    stopped,
)
from bench.faults.rows.order import count_out_of_order
from bench.faults.rows.roles import roles
from bench.faults.rows.stage import (
    CHATS,
    DRAIN_SECONDS,
    HISTORY_MAX,
    PER_SECOND,
    ROOT,
    STARTING_PER_SECOND,
    Line,
    Row,
    Stage,
    as_seconds,
    open_stage,
    webhook_settings,
)
from bench.faults.rows.table import ROWS
from bench.faults.rows.telegram import (
    absent,
    doubled,
    failing,
    flooded,
    has_more,
    jumping,
    pressed_twice,
    unanswered,
)

__all__ = [
    "AWAY_SECONDS",
    "CHATS",
    "CUTS",
    "DRAIN_SECONDS",
    "EARLY_SHARE",
    "HISTORY_MAX",
    "PER_SECOND",
    "ROOT",
    "ROWS",
    "STARTING_PER_SECOND",
    "Line",
    "Row",
    "Stage",
    "absent",
    "as_seconds",
    "count_out_of_order",
    "database_away",
    "disk_full",
    "doubled",
    "fail_points",
    "failing",
    "flooded",
    "has_more",
    "imports_killed",
    "is_refused_validly",
    "jumping",
    "killed",
    "killed_webhook",
    "open_stage",
    "pressed_twice",
    "pushed",
    "roles",
    "shared",
    "stopped",
    "unanswered",
    "webhook_settings",
]

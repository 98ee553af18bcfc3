"""Make finished files of the parts that were spooled, with names that a person would choose."""

from __future__ import annotations

import gzip
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.formats.firefly import CONFIGURATION_NAME, configuration
from ledger.formats.writer import Part
from ledger.periods.period import Period
from services.exporting.spooling import Spooled

FILE_BYTES_MAX = 45 * 1024 * 1024
"""A bot may send 50 MB; beyond 45 MB a file is packed, CSV one file a year (contract)."""

_NAME_MAX = 40


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file on disk, in the folder that the caller gave."""

    path: Path
    file_name: str
    rows: int
    period: Period | None
    """The days it covers: those asked for, else first to last entry; None for an empty ledger."""
    about: str = ""
    """The id of a sentence that says what the file is for, where it holds no entries."""


def assemble(
    spooled: Spooled, folder: Path, *, file_bytes_max: int = FILE_BYTES_MAX
) -> tuple[ExportFile, ...]:
    """Make the files of a text format; one that is too large to be sent is packed."""
    if spooled.format.parts == "separate":
        files = [join(spooled, [one], folder) for one in spooled.bodies]
        # An empty ledger has no part, and gives a file all the same.
        files = [pack(file, file_bytes_max) for file in files or [join(spooled, (), folder)]]
    else:
        whole = join(spooled, spooled.bodies, folder)
        if spooled.format.parts == "years" and whole.path.stat().st_size > file_bytes_max:
            whole.path.unlink()
            files = [_gzip(join(spooled, [one], folder)) for one in spooled.bodies]
        else:
            files = [pack(whole, file_bytes_max)]
    if spooled.format.name == "firefly":
        files.append(_write_configuration(folder))
    return tuple(files)


def pack(file: ExportFile, file_bytes_max: int) -> ExportFile:
    """Compress a file that is too large to be sent."""
    return _gzip(file) if file.path.stat().st_size > file_bytes_max else file


def name_file(spooled: Spooled, part: Part, suffix: str) -> str:
    """Return `kvitto-<title>-<from>-<to>` with both days in it; an empty ledger gets today's."""
    period = spooled.days(part)
    first, last = (period.start, period.last) if period else (spooled.today, spooled.today)
    name = spooled.format.name
    # CSV files of other programs say whose they are, as all of them end in `.csv`.
    program = f"-{name}" if suffix == ".csv" and name != "csv" else ""
    currency = f"-{part.key}" if spooled.format.parts == "separate" and part.key else ""
    return f"kvitto-{name_ledger(spooled.title)}-{first}-{last}{program}{currency}{suffix}"


def name_ledger(title: str) -> str:
    """Return a chat's title as a part of a file's name: letters and digits of any script."""
    kept = (
        char if unicodedata.category(char)[0] in "LNM" else " "
        # One form, as file systems differ in how they compare accents.
        for char in unicodedata.normalize("NFC", title)
    )
    return "-".join("".join(kept).split())[:_NAME_MAX].strip("-") or "ledger"


def join(spooled: Spooled, bodies: Sequence[tuple[Part, Path]], folder: Path) -> ExportFile:
    """Write head, parts and foot into one file."""
    # A single part keeps its key, which is in the name of its file.
    writer, joined = spooled.writer, bodies[0][0] if len(bodies) == 1 else spooled.whole
    target = folder / f"{joined.key or 'whole'}{spooled.format.suffix}"
    with target.open("wb") as file:
        file.write(writer.head().encode())
        for part, body in bodies or _nothing(joined):
            file.write(writer.begin(part).encode())
            if body is not None:
                with body.open("rb") as lines:
                    shutil.copyfileobj(lines, file)
            file.write(writer.end(part).encode())
        file.write(writer.foot().encode())
    name = name_file(spooled, joined, spooled.format.suffix)
    return ExportFile(target, name, joined.rows, spooled.days(joined))


def _nothing(part: Part) -> Iterator[tuple[Part, Path | None]]:
    """Yield one empty part, so that a statement without entries is still a statement."""
    yield part, None


def _write_configuration(folder: Path) -> ExportFile:
    path = folder / CONFIGURATION_NAME
    path.write_text(configuration(), encoding="utf-8")
    return ExportFile(path, CONFIGURATION_NAME, 0, None, "export.firefly_configuration")


def _gzip(file: ExportFile) -> ExportFile:
    """Compress a file and delete the plain one."""
    target = file.path.with_name(f"{file.path.name}.gz")
    with file.path.open("rb") as plain, gzip.open(target, "wb") as packed:
        shutil.copyfileobj(plain, packed)
    # At once, since plain and packed together need twice the room on the disk.
    file.path.unlink()
    return ExportFile(target, f"{file.file_name}.gz", file.rows, file.period, file.about)

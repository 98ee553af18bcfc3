"""Fuzz the targets by which bytes of others come in, guided by the branches that they reach.

    python -m bench.fuzz --target texts --minutes 5 [--seed 7]     one target, or `all`, each for so long
    python -m bench.fuzz --target texts --keep                     choose anew what is committed
    python -m bench.fuzz --target texts --add FILE                 commit an input that fell

It needs Atheris (`make fuzz`), which brings libFuzzer. Inputs that reach something new are in
`.fuzz/<target>/`, next to inputs that fell (`crash-…`, `timeout-…`, `oom-…`). `bench/fuzz/inputs/` holds the
small choice that the suite runs (`tests/bench/test_fuzz.py`). The seed is printed; with the same corpus it
gives the same run.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench.fuzz.corpus import choose, keep, load
from bench.fuzz.targets import TARGETS, Target

FOUND = Path(".fuzz")
RESIDENT_MEGABYTES_MAX = 2048


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--target", required=True, choices=("all", *TARGETS))
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=random.randrange(1, 1 << 31))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--add", type=Path)
    options = parser.parse_args()
    names = list(TARGETS) if options.target == "all" else [options.target]
    if options.keep or options.add:
        for name in names:
            _keep(TARGETS[name], options.add)
        # Not above, since what is imported before is not instrumented.
        import_module("bench.fuzz.targets.stage").close()
        return 0
    if options.target == "all":
        return max(_run_apart(name, options.minutes, options.seed) for name in names)
    _fuzz(TARGETS[options.target], options.minutes, options.seed)
    return 0


def _run_apart(name: str, minutes: float, seed: int) -> int:
    """Fuzz a target in a process of its own, since libFuzzer ends the one that it runs in."""
    command = [sys.executable, "-m", "bench.fuzz", "--target", name]
    done = subprocess.run([*command, "--minutes", str(minutes), "--seed", str(seed)], check=False)
    print(f"{name}: {'nothing fell' if done.returncode == 0 else 'something fell'}", flush=True)
    return int(done.returncode != 0)


def _fuzz(target: Target, minutes: float, seed: int) -> None:
    import atheris  # noqa: PLC0415  # only here, as the suite goes without it

    print(f"target {target.name}, seed {seed}", flush=True)
    with atheris.instrument_imports(include=list(target.packages)):
        enter, seeds = target.open()
    for data in seeds:
        # What the first input loads is no part of the time that an input may take.
        enter(data)
    found = FOUND / target.name
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as begun:
        _unpack(Path(begun), [*seeds, *load(target.name)])
        options = {
            "max_total_time": int(minutes * 60),
            "seed": seed,
            "max_len": target.bytes_max,
            "timeout": target.seconds_max,
            "rss_limit_mb": RESIDENT_MEGABYTES_MAX,
            "artifact_prefix": f"{found}/",
            "print_final_stats": 1,
        }
        atheris.Setup(
            [
                sys.argv[0],
                *(f"-{name}={value}" for name, value in options.items()),
                str(found),
                begun,
            ],
            enter,
        )
        atheris.Fuzz()


def _unpack(folder: Path, inputs: list[bytes]) -> None:
    for number, data in enumerate(inputs):
        (folder / f"{number:04}").write_bytes(data)


def _keep(target: Target, added: Path | None) -> None:
    """Keep what is kept and one input more; or choose anew, one input for each way through the code."""
    if added:
        print(
            f"{target.name}: {keep(target.name, [added.read_bytes(), *load(target.name)])} inputs kept"
        )
        return
    enter, seeds = target.open()
    fallen = [path.read_bytes() for path in sorted((FOUND / target.name).glob("*-*"))]
    grown = sorted((p.read_bytes() for p in (FOUND / target.name).glob("*")), key=len)
    chosen = choose(enter, [*seeds, *load(target.name), *grown])
    print(f"{target.name}: {keep(target.name, [*seeds, *fallen, *chosen])} inputs kept")


if __name__ == "__main__":
    sys.exit(main())

"""Does the image work? Its Dockerfile's steps in an empty root, for machines without a builder.

    python -m bench.container [--photo]

Needs root and `unshare`. In a mount namespace of its own, each stage gets an empty folder with this
machine's /usr, /etc and Python read-only in place of the base image; RUN, COPY, ENV, WORKDIR, USER and
the rest are taken from the Dockerfile. The result then runs as compose.yaml runs it: uid 10001, no
capabilities, a read-only root, /data and an empty /tmp. It takes one text over the demo's Bot API
server and answers it, its HEALTHCHECK must succeed, and SIGTERM must end it with 0. `--photo` sends a
receipt too. What this cannot show is the base image itself: its Python and its libraries.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.free_ports import free_port
from demo.server import DemoServer, open_demo

ROOT = Path(__file__).resolve().parent.parent
BASE_PATH = "/usr/local/bin:/usr/bin:/bin"
BUILD_VARIABLES = ("PIP_CERT", "PIP_FIND_LINKS", "SSL_CERT_FILE", "HTTPS_PROXY", "HTTP_PROXY")
"""How this machine reaches the package registry; only the steps of RUN see them."""
UV_CACHE = Path.home() / ".cache" / "uv"
WAIT_SECONDS = 120.0
CONFINED = (
    ["setpriv", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]
)  # fmt: skip


@dataclass(slots=True)
class Stage:
    """One stage of the Dockerfile: its root on this machine, and what its steps have set."""

    root: Path
    name: str = ""
    env: dict[str, str] = field(default_factory=lambda: {"PATH": BASE_PATH})
    folder: str = "/"
    user: str = "0:0"
    said: dict[str, str] = field(default_factory=dict)
    """ENTRYPOINT, CMD, HEALTHCHECK and VOLUME as written."""

    def inside(self, path: str) -> Path:
        """Return the place on this machine of a path in the image."""
        return self.root / os.path.normpath(Path("/") / self.folder / path).lstrip("/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photo", action="store_true", help="send a receipt too")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        work_inside(options.inside, photo=options.photo)
        return
    # This process makes and deletes the folder. It never sees the mounts in it, which end with the
    # other's namespace, so deleting cannot reach this machine's own folders.
    with tempfile.TemporaryDirectory(prefix="kvitto-image-") as place:
        Path(place).chmod(0o755)
        start = [
            "/usr/bin/unshare",
            "--mount",
            "--propagation",
            "private",
            "--fork",
            "--kill-child",
        ]
        again = [sys.executable, "-m", "bench.container", *sys.argv[1:], "--inside", place]
        code = subprocess.run([*start, *again], check=False).returncode
    sys.exit(code)


def work_inside(place: Path, *, photo: bool) -> None:
    """Build and try out the image in this process's own namespace."""
    began = time.perf_counter()
    stage = build(place)
    print(f"built in                  {time.perf_counter() - began:.0f} s")
    size = sum(f.stat().st_size for f in (stage.root / "opt").rglob("*") if f.is_file())
    print(f"/opt of the image         {size / 1e6:.0f} MB")
    confine(stage, place)
    asyncio.run(try_out(stage, photo=photo))


def read_dockerfile(text: str) -> Iterator[tuple[str, str]]:
    """Yield instructions with their words, lines joined and comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            instruction, _, rest = line.partition(" ")
            yield instruction, rest.strip()


def build(place: Path) -> Stage:
    """Do what a builder does; return the last stage."""
    stages: list[Stage] = []
    for instruction, rest in read_dockerfile((ROOT / "Dockerfile").read_text()):
        if instruction == "FROM":
            name = rest.partition(" AS ")[2]
            stages.append(Stage(build_base(place / f"stage{len(stages)}"), name))
        elif instruction != "ARG":
            take_step(stages, instruction, rest)
    return stages[-1]


def build_base(root: Path) -> Path:
    """Make a root that holds this machine's system and Python, and nothing else."""
    python = Path(sys.base_prefix)
    for source in (Path("/usr"), Path("/etc"), Path("/proc"), Path("/dev"), python):
        target = root / str(source).lstrip("/")
        if source.is_relative_to("/usr") and source != Path("/usr"):
            continue
        target.mkdir(parents=True)
        bind(source, target, read_only=source not in {Path("/proc"), Path("/dev")})
    for link in ("bin", "sbin", "lib", "lib64"):
        (root / link).symlink_to(f"usr/{link}")
    for folder in ("tmp", "opt", "var/cache/uv"):
        (root / folder).mkdir(parents=True)
    return root


def bind(source: Path, target: Path, *, read_only: bool) -> None:
    subprocess.run(["/usr/bin/mount", "--rbind", source, target], check=True)
    if read_only:
        subprocess.run(["/usr/bin/mount", "-o", "remount,bind,ro", target], check=True)


def take_step(stages: list[Stage], instruction: str, rest: str) -> None:
    """Do one instruction in the newest stage."""
    stage = stages[-1]
    if instruction == "RUN":
        run_step(stage, rest)
    elif instruction == "COPY":
        copy(stages, shlex.split(rest))
    elif instruction == "ENV":
        stage.env |= dict(word.split("=", 1) for word in shlex.split(rest))
    elif instruction == "WORKDIR":
        stage.folder = rest
        stage.inside(".").mkdir(parents=True, exist_ok=True)
    elif instruction == "USER":
        stage.user = rest
    elif instruction in {"ENTRYPOINT", "CMD", "HEALTHCHECK", "VOLUME", "EXPOSE"}:
        stage.said[instruction] = rest
    else:
        sys.exit(f"this bench does not know {instruction}")


def run_step(stage: Stage, script: str) -> None:
    cache = stage.root / "var/cache/uv"
    if UV_CACHE.is_dir() and not os.path.ismount(cache):
        # Saves the downloads; hashes are checked all the same.
        bind(UV_CACHE, cache, read_only=False)
    env = {name: os.environ[name] for name in BUILD_VARIABLES if name in os.environ}
    env |= stage.env | {"UV_CACHE_DIR": "/var/cache/uv", "UV_SYSTEM_CERTS": "1", "HOME": "/tmp"}  # noqa: S108
    env["PATH"] = f"{sys.base_prefix}/bin:{env['PATH']}"
    subprocess.run(in_root(stage, ["sh", "-ec", script]), env=env, check=True)


def in_root(stage: Stage, command: list[str], *before: str) -> list[str]:
    """Return a command as it is run with a stage's root and folder."""
    moved = ["sh", "-c", 'cd "$0" && exec "$@"', stage.folder, *before, *command]
    return ["/usr/sbin/chroot", str(stage.root), *moved]


def copy(stages: list[Stage], words: list[str]) -> None:
    """Copy from the context or from another stage, into the newest one."""
    target = stages[-1].inside(words[-1])
    if words[0].startswith("--from="):
        source = next(s for s in stages if s.name == words[0].removeprefix("--from="))
        shutil.copytree(source.inside(words[1]), target, symlinks=True)
    elif words[0] == ".":
        allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
        listed = subprocess.check_output(
            ["/usr/bin/git", "ls-files", "-z", *allowed], cwd=ROOT, text=True
        )
        for name in listed.split("\0")[:-1]:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    else:
        for name in words[:-1]:
            shutil.copy(ROOT / name, target)


def confine(stage: Stage, place: Path) -> None:
    """Make the root read-only, but for the volume and an empty /tmp."""
    volume = stage.root / stage.said["VOLUME"].lstrip("/")
    owner = volume.stat()
    data = place / "data"
    data.mkdir(mode=stat.S_IMODE(owner.st_mode))
    os.chown(data, owner.st_uid, owner.st_gid)
    bind(stage.root, stage.root, read_only=True)
    bind(data, volume, read_only=False)
    size = "size=256m,mode=1777,nosuid,nodev"
    subprocess.run(
        ["/usr/bin/mount", "-t", "tmpfs", "-o", size, "tmpfs", stage.root / "tmp"], check=True
    )


def as_user(stage: Stage, command: list[str]) -> list[str]:
    user, group = stage.user.split(":")
    return in_root(stage, command, *CONFINED, f"--reuid={user}", f"--regid={group}")


async def try_out(stage: Stage, *, photo: bool) -> None:
    """Run the image against a Bot API server as a person would use it."""
    check_root(stage)
    async with open_demo() as demo:
        env = stage.env | {
            "TELEGRAM_BOT_TOKEN": demo.token,
            "TELEGRAM_API_URL": demo.url,
            "HTTP_PORT": str(free_port()),
            "OPS_PORT": str(free_port()),
        }
        command = json.loads(stage.said["ENTRYPOINT"]) + json.loads(stage.said["CMD"])
        began = time.perf_counter()
        process = subprocess.Popen(as_user(stage, command), env=env)  # noqa: ASYNC220  # is short
        try:
            await talk(demo, began, photo=photo)
            check_health(stage, env)
            check_process(process, stage)
        finally:
            process.terminate()
            code = await asyncio.to_thread(process.wait, 15)
        assert code == 0, f"SIGTERM ended it with {code}"
        print("SIGTERM                   exit code 0")


def check_root(stage: Stage) -> None:
    for path in ("/x", "/opt/kvitto/x", "/etc/x"):
        command = as_user(stage, ["touch", path])
        tried = subprocess.run(command, env=stage.env, capture_output=True, check=False)
        assert tried.returncode != 0, f"{path} can be written"


async def talk(demo: DemoServer, began: float, *, photo: bool) -> None:
    sim = demo.simulation
    ann = sim.add_user("Ann")
    chat = sim.private_chat(ann)
    sim.say(ann, chat, "coffee 4.50")
    (answer,) = await sim.answers(chat, timeout=WAIT_SECONDS)
    assert "4.50" in answer.text, answer.text
    print(f"first text answered       {time.perf_counter() - began:.1f} s after the start")
    if photo:
        sample = next((ROOT / "demo" / "samples").glob("*.jpg"))
        sim.photo(ann, chat, sample.read_bytes())
        (message,) = await sim.answers(chat, timeout=WAIT_SECONDS)
        read = await sim.edit_of(message, timeout=WAIT_SECONDS)
        print(f"{sample.name} read as   {read.text.splitlines()[0]}")


def check_health(stage: Stage, env: dict[str, str]) -> None:
    probe = json.loads(stage.said["HEALTHCHECK"].partition("CMD ")[2])
    ended = subprocess.run(
        as_user(stage, probe), env=env, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    print(f"HEALTHCHECK               {ended.stdout.strip()}")


def check_process(process: subprocess.Popen[bytes], stage: Stage) -> None:
    """See what the kernel says about the process, and who may see what it wrote."""
    status = dict(
        line.split(":\t", 1)
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
    )
    assert set(status["Uid"].split()) == {stage.user.split(":")[0]}, status["Uid"]
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    written = list((stage.root / "data").rglob("*"))
    assert any(path.name == "kvitto.db" for path in written)
    for path in written:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    print(f"process                   uid {status['Uid'].split()[0]}, no capabilities, "
          f"{len(written)} files and folders for their owner alone")  # fmt: skip


if __name__ == "__main__":
    main()

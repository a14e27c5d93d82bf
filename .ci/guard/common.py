"""What all parts of the guard share: a program in its own folder, and what was found."""

import hashlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# The last commit before the rebuild that the guard watches: its tests are the old tests.
SINCE = "5bec5e8"


@dataclass
class Ended:
    """How a command ended, and what it took."""

    code: int | None  # None: it was killed, or did not end in time
    out: str
    err: str
    wall: float
    cpu: float  # user and system seconds
    peak: int  # bytes


@dataclass
class Side:
    """A program, and the folder that it works in: a copy of the scenarios, so that both are given the
    same words and each writes to its own results."""

    name: str
    program: Path
    folder: Path

    def call(self, words, timeout=1200, stop_after=None, by=signal.SIGINT, cwd=None) -> Ended:
        """Runs the program; `stop_after` so many seconds it is sent a signal, Ctrl-C if no other is given."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            began = time.monotonic()
            process = subprocess.Popen(
                [str(self.program), *map(str, words)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                cwd=cwd or self.folder, env=os.environ | {"COLUMNS": "100", "LC_ALL": "C.UTF-8"},
            )
            late = threading.Timer(timeout, os.kill, (process.pid, signal.SIGKILL))
            late.daemon = True
            late.start()
            if stop_after is not None:
                time.sleep(stop_after)
                # Not `send_signal`, which would reap it if it has ended by now.
                os.kill(process.pid, by)
            _, status, used = os.wait4(process.pid, 0)
            wall = time.monotonic() - began
            late.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            code = None if process.returncode == -signal.SIGKILL else process.returncode
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode("utf-8", "replace"))
        return Ended(code, *texts, wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def floor() -> int:
    """Bytes below which a peak cannot be seen: those of this process, from which children are made."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fresh(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def shipped(into: Path) -> None:
    """Copies the scenarios of this checkout, without what `synthetic` may have left there."""
    shutil.rmtree(into / "scenarios", ignore_errors=True)
    shutil.copytree(ROOT / "scenarios", into / "scenarios", ignore=shutil.ignore_patterns("synthetic"))


def key_of(program: Path) -> str:
    """Names a program with the scenarios that it is given."""
    digest = hashlib.sha256(sha256(program).encode())
    for path in sorted((ROOT / "scenarios").rglob("*")):
        if path.is_file() and "synthetic" not in path.parts:
            digest.update(str(path.relative_to(ROOT)).encode() + sha256(path).encode())
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Findings:
    """What a part found. Failures decide the exit code, notes are to be read."""

    def __init__(self, part: str) -> None:
        self.part, self.failures, self.notes, self.passed = part, [], [], 0

    def fail(self, words: str) -> None:
        self.failures.append(words)
        print(f"FAIL  {self.part}: {words}", flush=True)

    def note(self, words: str) -> None:
        self.notes.append(words)
        print(f"note  {self.part}: {words}", flush=True)

    def check(self, right: bool, words: str) -> bool:
        if right:
            self.passed += 1
        else:
            self.fail(words)
        return right


def allowed(name: str, parts: int) -> dict[tuple[str, ...], str]:
    """A list of exceptions: on each line `parts` names and a reason, divided by ` | `."""
    found = {}
    for number, line in enumerate((HERE / name).read_text("utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            *names, reason = [cell.strip() for cell in line.split(" | ")]
            if len(names) != parts or not reason:
                raise SystemExit(f".ci/guard/{name}:{number}: needs {parts} names and a reason, divided by ` | `")
            found[tuple(names)] = reason
    return found

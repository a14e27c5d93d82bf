"""The package against the program, pair by pair in turn, and how long an import takes.

python python/benches/speed.py PROGRAM [PAIRS] [run|processes|dask|quiet]...     in the folder of the repository
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pointplane as pp

#: Of a pair of commands, and of a pair of engines, whose start counts too.
REPLICATES, MANY = 20, 100
#: Dask as docs/python.md has it where its processes share the cores with the work.
QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.worker.memory.monitor-interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 2**28,
}


def program(path: str, out: Path) -> float:
    words = [
        path,
        "run",
        "scenarios/china",
        "--replicates",
        str(REPLICATES),
        "--out",
        str(out),
    ]
    began = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - began


def package(out: Path, replicates: int = REPLICATES, **how: object) -> float:
    began = time.perf_counter()
    pp.run("scenarios/china", replicates=replicates, out=out, **how)
    return time.perf_counter() - began


def imported() -> float:
    code = "import time; b = time.perf_counter(); import pointplane; print(time.perf_counter() - b)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return float(done.stdout)


def pairs(name: str, one, other, count: int) -> None:
    """Tell the median of the ratios of pairs; who goes first changes."""
    with tempfile.TemporaryDirectory() as folder:
        number = iter(range(10**6))

        def timed(of) -> float:
            return of(Path(folder) / str(next(number)))

        timed(one), timed(other)
        found = []
        for n in range(count):
            if n % 2:
                b, a = timed(other), timed(one)
            else:
                a, b = timed(one), timed(other)
            found.append((a / b, a, b))
    ratio, a, b = (statistics.median(of) for of in zip(*found, strict=True))
    print(f"{name}: {a:.2f} s against {b:.2f} s, median of {count} ratios {ratio:.3f}, all:", end=" ")
    print(*(f"{one[0]:.3f}" for one in sorted(found)))


def main() -> None:
    path, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
    wanted = sys.argv[3:] or ["run", "processes", "dask", "quiet"]
    took = sorted(imported() for _ in range(15))
    print(f"import: median {statistics.median(took) * 1000:.0f} ms, least {took[0] * 1000:.0f} ms")
    if "run" in wanted:
        pairs("pp.run against the program", package, lambda out: program(path, out), count)
    cores, some = os.cpu_count() or 1, max(count // 2, 1)
    threads = lambda out: package(out, MANY)  # noqa: E731
    if "processes" in wanted:
        with ProcessPoolExecutor(cores) as pool:
            processes = lambda out: package(out, MANY, executor=pool)  # noqa: E731
            pairs("processes against threads", processes, threads, some)
    for name, settings in (("dask", {}), ("quiet", QUIET)):
        if name in wanted:
            on_dask(name, settings, cores, threads, some)


def on_dask(name: str, settings: dict[str, object], cores: int, threads, count: int) -> None:
    """Two workers of this machine, whose scheduler and own threads are on the same cores."""
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set(settings),
        LocalCluster(n_workers=cores, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        pairs(f"Dask ({name}) against threads", lambda out: package(out, MANY, executor=client), threads, count)


if __name__ == "__main__":
    main()

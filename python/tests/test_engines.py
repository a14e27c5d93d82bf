"""Engines that are there, with workers that die in the middle."""

import importlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

import pointplane as pp

from conftest import MINIMAL, same

CHINA = {"replicates": 16, "tables": ["national"]}
#: Whether every engine has to be here.
ALL = "POINTPLANE_NEEDS_ENGINES" in os.environ


def needed(name: str):
    """Give a package, or skip the test where it is not here and need not be."""
    return importlib.import_module(name) if ALL else pytest.importorskip(name)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What one thread makes."""
    folder = tmp_path_factory.mktemp("alone") / "china"
    pp.run("scenarios/china", threads=1, out=folder, **CHINA)
    return folder


def test_threads_and_processes(alone, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        pp.run("scenarios/china", executor=pool, shards=5, out=tmp_path / "a", **CHINA)
    same(alone, tmp_path / "a")
    seen = []
    pp.run(
        "scenarios/china",
        executor=lambda: ProcessPoolExecutor(2),
        out=tmp_path / "b",
        progress=seen.append,
        **CHINA,
    )
    same(alone, tmp_path / "b")
    assert [(of.what, of.done, of.of) for of in seen if of.what == "shards"][-1] == ("shards", 2, 2)


def working(folder: Path) -> bool:
    """Whether some replicates are finished, and not all."""
    logs = list((folder / "logs").glob("*.log"))
    return sum(path.stat().st_size for path in logs) > 100_000


def kill_one_when(folder: Path, workers, killed: list[int]) -> threading.Thread:
    def kill() -> None:
        until = time.monotonic() + 60
        while not working(folder) and time.monotonic() < until:
            time.sleep(0.005)
        for pid in workers():
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
            return

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def test_a_worker_of_a_process_pool_is_killed(alone, tmp_path):
    pools = []

    def make():
        pools.append(ProcessPoolExecutor(2))
        return pools[-1]

    killed: list[int] = []
    folder = tmp_path / "a"
    thread = kill_one_when(folder, lambda: list(pools[-1]._processes), killed)
    pp.run("scenarios/china", executor=make, shards=4, out=folder, **CHINA)
    thread.join()
    assert killed
    assert len(pools) > 1
    same(alone, folder)


def test_a_pool_that_breaks_leaves_what_is_finished_for_a_resume(alone, tmp_path):
    pool = ProcessPoolExecutor(2)
    killed: list[int] = []
    folder = tmp_path / "a"
    thread = kill_one_when(folder, lambda: list(pool._processes), killed)
    with pytest.raises(pp.EngineError, match="broken") as raised:
        pp.run("scenarios/china", executor=pool, shards=4, out=folder, **CHINA)
    thread.join()
    assert killed
    assert raised.value.results.folder == folder
    pp.run("scenarios/china", resume=True, out=folder, **CHINA)
    same(alone, folder)


def test_wrong_input_is_told_before_anything_is_handed_out(tmp_path):
    class Never(ThreadPoolExecutor):
        def submit(self, *call):
            raise AssertionError

    with pytest.raises(pp.ScenarioError, match="betta"):
        pp.run(MINIMAL, set={"line.betta": 1}, executor=Never)
    with pytest.raises(pp.ScenarioError) as raised, ThreadPoolExecutor(1) as pool:
        pp.compare(MINIMAL, "none", baseline="base", until_width={"mean_stock": 1}, executor=pool, shards=2)
    assert raised.value.problems[0].file == "--until-width"


def test_a_worker_that_always_dies_is_given_up(tmp_path):
    with pytest.raises(pp.EngineError, match="failed 5 times"):
        pp.run(MINIMAL, executor=lambda: Dying(), shards=1, out=tmp_path / "a")


class Dying(ThreadPoolExecutor):
    def submit(self, *call):
        return super().submit(os.fsencode, None)


def test_comparisons_replays_sweeps_and_searches_too(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        a = pp.compare(MINIMAL, "none", baseline="base", replicates=6, executor=pool)
        b = pp.compare(MINIMAL, "none", baseline="base", replicates=6)
        same(a.folder, b.folder)
        a = pp.replay("scenarios/us-lotteries", "compact", replicates=6, executor=pool)
        b = pp.replay("scenarios/us-lotteries", "compact", replicates=6)
        same(a.folder, b.folder)
        a = pp.sweep(f"{MINIMAL}/sweeps/grid.toml", executor=pool)
        b = pp.sweep(f"{MINIMAL}/sweeps/grid.toml")
        same(a.folder, b.folder)
        a = pp.search(f"{MINIMAL}/search.toml", executor=pool)
        b = pp.search(f"{MINIMAL}/search.toml")
        for name in a.tables:
            assert a[name].to_pydict() == b[name].to_pydict(), name


def test_a_calibration_whose_waves_depend_on_each_other(tmp_path):
    plan = f"{MINIMAL}/calibrate.toml"
    with ProcessPoolExecutor(2) as pool:
        a = pp.calibrate(plan, quick=True, executor=pool, out=tmp_path / "a")
    b = pp.calibrate(plan, quick=True, out=tmp_path / "b")
    assert a.tables == b.tables
    for name in a.tables:
        assert a[name].to_pydict() == b[name].to_pydict(), name


def test_loky(alone, tmp_path):
    loky = needed("loky")
    folder = tmp_path / "a"
    pools = []

    def make():
        pools.append(loky.get_reusable_executor(max_workers=2))
        return pools[-1]

    killed: list[int] = []
    thread = kill_one_when(folder, lambda: list(pools[-1]._processes), killed)
    pp.run("scenarios/china", executor=make, shards=4, out=folder, **CHINA)
    thread.join()
    assert killed
    same(alone, folder)


def test_dask_with_a_worker_killed(alone, tmp_path):
    distributed = needed("distributed")
    folder = tmp_path / "a"
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        killed: list[int] = []
        pids = lambda: list(client.run(os.getpid).values())  # noqa: E731
        thread = kill_one_when(folder, pids, killed)
        pp.run("scenarios/china", executor=client, shards=6, out=folder, **CHINA)
        thread.join()
        assert killed
    same(alone, folder)


def test_ray(alone, tmp_path, monkeypatch):
    ray = needed("ray")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1")
    try:
        pp.run("scenarios/china", executor=pp.engines.ray_executor(num_cpus=1), out=tmp_path / "a", **CHINA)
    finally:
        ray.shutdown()
    same(alone, tmp_path / "a")


MPI = """
import sys
from mpi4py.futures import MPIPoolExecutor
import pointplane as pp

if __name__ == "__main__":
    with MPIPoolExecutor() as pool:
        pp.run("scenarios/china", replicates=16, tables=["national"], executor=pool, shards=4, out=sys.argv[1])
"""


def test_mpi(alone, tmp_path):
    needed("mpi4py")
    if shutil.which("mpirun") is None:
        assert not ALL, "mpirun is not here"
        pytest.skip("no mpirun")
    script = tmp_path / "mpi.py"
    script.write_text(MPI)
    # mpirun listens on all addresses, so it gets a network of its own with nothing but this machine.
    mpirun = "mpirun -n 3" if os.geteuid() else "ip link set lo up 2> /dev/null; mpirun -n 3"
    words = f"{mpirun} {sys.executable} -m mpi4py.futures {script} {tmp_path / 'a'}"
    env = {
        **os.environ,
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
        "OMPI_MCA_btl_tcp_if_include": "lo",
        "OMPI_MCA_oob_tcp_if_include": "lo",
    }
    own = ["unshare", "-n"] if os.geteuid() == 0 else []
    subprocess.run([*own, "bash", "-c", words], env=env, check=True, timeout=300)
    same(alone, tmp_path / "a")

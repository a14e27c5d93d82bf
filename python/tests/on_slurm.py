"""Shards on Dask workers that Slurm runs, one of which is killed in the middle; started by tests/cluster/dask.rs.

python on_slurm.py FOLDER      in the folder of the repository, beside a Slurm with the partition main
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from dask_jobqueue import SLURMCluster
from distributed import Client

import pointplane as pp

from conftest import same

ASKED = {"replicates": 16, "tables": ["national"]}


def killed_in_the_middle(client: Client, out: Path, killed: list[int]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if sum(path.stat().st_size for path in out.glob("logs/*.log")) > 100_000:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)
            return
        time.sleep(0.01)


def main() -> None:
    folder = Path(sys.argv[1])
    with (
        SLURMCluster(
            queue="main",
            cores=1,
            processes=1,
            memory="400MiB",
            interface="lo",
            python=sys.executable,
            log_directory=str(folder / "logs"),
            local_directory=str(folder / "local"),
            scheduler_options={"dashboard_address": None, "host": "127.0.0.1"},
            worker_extra_args=["--dashboard-address", "127.0.0.1:0"],
        ) as cluster,
        Client(cluster) as client,
    ):
        cluster.scale(jobs=2)
        client.wait_for_workers(2, timeout=120)
        killed: list[int] = []
        out = folder / "dask"
        thread = threading.Thread(target=killed_in_the_middle, args=(client, out, killed))
        thread.start()
        pp.run("scenarios/china", executor=client, shards=6, out=out, **ASKED)
        thread.join()
    assert killed, "it was over before a worker was killed"
    pp.run("scenarios/china", threads=1, out=folder / "alone", **ASKED)
    same(folder / "alone", out)
    print("the same bytes")


if __name__ == "__main__":
    main()

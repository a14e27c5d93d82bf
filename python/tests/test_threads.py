"""Memory, threads of Python, processes that are forked."""

import gc
import itertools
import multiprocessing
import resource
import threading
import time

import pointplane as pp

from conftest import MINIMAL


def resident() -> int:
    """Bytes of memory that this process has now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def count_threads() -> int:
    with open("/proc/self/status") as file:
        return int(next(of for of in file if of.startswith("Threads:")).split()[1])


def test_a_hundred_runs_do_not_grow():
    def some(times: int) -> None:
        for _ in range(times):
            found = pp.run(MINIMAL, replicates=2)
            found["national"].to_pydict()
        gc.collect()

    # The first ones fill what stays: fonts, pools of memory of the allocator.
    some(30)
    before, threads = resident(), count_threads()
    some(100)
    after = resident()
    # A run holds far more than 100 kB: its world, its tables, its stacks.
    assert after - before < 100 * 100_000, (before, after)
    time.sleep(0.2)
    assert count_threads() <= threads + 2


def test_python_goes_on_while_a_run_is_at_work():
    turns = []
    ended = threading.Event()

    def turn() -> None:
        while not ended.is_set():
            turns.append(time.monotonic())
            time.sleep(0.005)

    thread = threading.Thread(target=turn)
    thread.start()
    began = time.monotonic()
    pp.run("scenarios/china", replicates=6, tables=["national"])
    took = time.monotonic() - began
    ended.set()
    thread.join()
    within = [of for of in turns if began <= of <= began + took]
    gaps = [b - a for a, b in itertools.pairwise(within)]
    assert took > 0.3
    # Held for the whole run, the lock of Python would leave one gap as long as it.
    assert max(gaps) < took / 2, (max(gaps), took)
    assert len(within) > 0.1 * took / 0.005


def test_runs_side_by_side_give_what_one_gives():
    alone = pp.run(MINIMAL, replicates=4)["national"].to_pydict()
    found = {}

    def run(n: int) -> None:
        found[n] = pp.run(MINIMAL, replicates=4)["national"].to_pydict()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(found) == 6
    assert all(of == alone for of in found.values())


def _forked(queue) -> None:
    found = pp.run(MINIMAL, replicates=2)
    estimated = pp.estimate("scenarios/us-lotteries")
    queue.put((len(found["national"]), len(estimated["estimates"])))


def test_a_process_that_was_forked_has_threads():
    pp.run(MINIMAL, replicates=2)
    pp.estimate("scenarios/us-lotteries")
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=_forked, args=(queue,))
    process.start()
    rows = queue.get(timeout=60)
    process.join(timeout=60)
    assert rows[0] == 240
    assert rows[1] > 0

"""Engines: whatever hands calls to workers, as ``concurrent.futures.Executor`` does.

``executor=`` of `run`, `compare`, `sweep`, `replay`, `calibrate` and `search` takes one, or a function that makes one: a
process pool, ``loky``, a Dask ``Client``, Ray (`ray_executor`), ``mpi4py.futures``. The work goes out in shards; each writes what it
finishes into the results folder, which all workers must see. So nothing that is finished is lost when a worker dies; its
shard is given out again, and what comes in the end is what one thread would have made, byte for byte. Where a whole pool
breaks, a function that makes a new one helps; a pool that was given is used once.

Examples
--------
>>> import pointplane as pp
>>> from concurrent.futures import ProcessPoolExecutor
>>> found = pp.compare(  # doctest: +SKIP
...     "scenarios/china", "northeast", baseline="existing", executor=ProcessPoolExecutor, out="results/northeast"
... )
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pointplane import _native
from pointplane._errors import EngineError, ScenarioError, problems_of, said_last

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from pointplane._progress import Observer
    from pointplane._results import Results

#: An executor, a Dask client, or a function that makes either.
Executors = Any

#: How often a shard is given out.
TRIES = 5
#: How often Ctrl-C is looked for, in seconds.
_LOOK = 0.2


def work(words: list[str], lang: str, folder: str) -> tuple[int, str, str]:
    """Do a shard, in a worker; gives exit code, words, and what is wrong as JSON.

    Parameters
    ----------
    words : list of str
        The command with its shard.
    lang : str
        The language of words.
    folder : str
        Where paths begin.
    """
    if os.getcwd() != folder:
        os.chdir(folder)
    answer = _native.call(words, lang, jobs=True)
    text = said_last(answer) if answer.code == 2 else "\n".join(answer.said)
    return answer.code, text, answer.problems


class Shards:
    """The shards of a command."""

    def __init__(self, words: list[str], lang: str, shards: int | None) -> None:
        """Take the words of the command, and how many shards; as many as workers when none."""
        self.words = words if any(of.startswith("--threads") for of in words) else [*words, "--threads=1"]
        self.lang = lang
        self.shards = shards

    def carry_out(self, executor: Executors, observe: Observer | None, results: Results) -> None:
        """Give all shards out, again where one was lost, until all are done.

        Raises
        ------
        EngineError
            When a shard was lost too often.
        ScenarioError
            When the input is wrong.
        """
        from queue import Empty, SimpleQueue

        pool = _Pool(executor, results)
        shards = self.shards or pool.workers()
        news: SimpleQueue[tuple[int, Future[Any]]] = SimpleQueue()
        tries = dict.fromkeys(range(shards), 0)
        left = set(tries)
        given: dict[int, Future[Any]] = {}

        def give(shard: int) -> None:
            tries[shard] += 1
            words = [*self.words, "--quiet", f"--shard={shard}/{shards}"]
            future = pool.submit(work, words, self.lang, os.getcwd())
            given[shard] = future
            future.add_done_callback(lambda done: news.put((shard, done)))

        try:
            for shard in sorted(left):
                give(shard)
            while left:
                try:
                    shard, done = news.get(timeout=_LOOK)
                except Empty:
                    continue
                if given.get(shard) is not done:
                    continue
                lost = _lost(done)
                if lost is None:
                    left.discard(shard)
                    if observe is not None:
                        observe("shards", shards - len(left), shards)
                elif tries[shard] < TRIES:
                    # The others of a broken pool come one by one; the first of them has it made again.
                    pool.mend(done)
                    give(shard)
                else:
                    raise EngineError(f"shard {shard}/{shards} failed {TRIES} times: {lost}", results)
        except BaseException:
            for future in given.values():
                future.cancel()
            raise
        finally:
            pool.close()


def _lost(done: Future[Any]) -> str | None:
    """Say why a shard is to be given out again, if so."""
    if done.cancelled():
        return "it was cancelled"
    error = done.exception()
    if isinstance(error, KeyboardInterrupt):
        raise error
    if error is not None:
        return f"{type(error).__name__}: {error}"
    code, words, problems = done.result()
    if code == 2:
        raise ScenarioError(words, problems_of(problems))
    # Jobs that failed or were left are not lost: the end of the command says so.
    return None if code in (0, 3) else f"exit code {code}: {words}"


class _Pool:
    """An executor, made again when it breaks, if it was made here."""

    def __init__(self, given: Executors, results: Results) -> None:
        self._results = results
        self._factory: Callable[[], Any] | None = None
        if not hasattr(given, "submit") or isinstance(given, type):
            self._factory = given
            given = given()
        self._given = given
        self._executor: Executor = _as_executor(given)
        self._of: dict[int, Executor] = {}

    def workers(self) -> int:
        """Guess how many workers there are."""
        cores = getattr(self._given, "ncores", None)
        if callable(cores):
            with suppress(Exception):
                return max(1, int(sum(cores().values())))
        for name in ("_max_workers", "max_workers", "workers"):
            found = getattr(self._given, name, None)
            if isinstance(found, int) and found > 0:
                return found
        return os.cpu_count() or 1

    def submit(self, *call: Any) -> Future[Any]:
        """Hand a call to the engine."""
        try:
            future = self._executor.submit(*call)
        except RuntimeError as error:
            # A pool that is broken takes nothing more.
            if self._factory is None:
                raise EngineError(
                    f"the pool is broken: {error}; give a function that makes one", self._results
                ) from error
            self._renew()
            future = self._executor.submit(*call)
        self._of[id(future)] = self._executor
        return future

    def mend(self, done: Future[Any]) -> None:
        """Make the pool anew when the one that lost this call is still in use, and broken."""
        of = self._of.pop(id(done), None)
        broken = getattr(self._executor, "_broken", False) or getattr(
            getattr(self._executor, "_flags", None), "broken", None
        )
        if of is self._executor and broken and self._factory is not None:
            self._renew()

    def _renew(self) -> None:
        assert self._factory is not None
        with suppress(Exception):
            self._executor.shutdown(wait=False)
        self._given = self._factory()
        self._executor = _as_executor(self._given)

    def close(self) -> None:
        """End what was made here."""
        if self._factory is not None:
            with suppress(Exception):
                self._executor.shutdown(wait=True, cancel_futures=True)
            close = getattr(self._given, "close", None)
            if callable(close):
                with suppress(Exception):
                    close()


def _as_executor(given: Any) -> Executor:
    """Give the executor of a Dask client; others are one."""
    of_client = getattr(given, "get_executor", None)
    executor: Executor = given if of_client is None else of_client(pure=False)
    return executor


def ray_executor(**options: Any) -> Executor:
    """Give an executor that hands calls to Ray.

    Parameters
    ----------
    **options
        Those of ``ray.remote``: ``num_cpus``, ``max_retries``.

    Returns
    -------
    concurrent.futures.Executor
    """
    from concurrent.futures import Executor

    import ray

    class Ray(Executor):
        """Calls as tasks of Ray, which gives those of a dead worker to another one."""

        @property
        def workers(self) -> int:
            found = ray.cluster_resources().get("CPU", 1)
            return int(found)

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            remote = ray.remote(**options)(fn) if options else ray.remote(fn)
            future: Future[Any] = remote.remote(*args, **kwargs).future()
            return future

    return Ray()

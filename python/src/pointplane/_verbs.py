"""The commands as functions."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pointplane import _native, engines
from pointplane._errors import (
    Interrupted,
    PointplaneError,
    Unfinished,
    problems_of,
    wrong,
)
from pointplane._progress import Wanted, observing
from pointplane._results import Explanation, Results
from pointplane._scenario import Scenario, Set
from pointplane._words import settings, several, together, word, words_of

AnyPath = str | PathLike[str]
Kind = TypeVar("Kind", bound=Results)

#: Exit codes of the command.
_DONE, _FAILED, _WRONG, _PARTLY, _INTERRUPTED = 0, 1, 2, 3, 130


def _raise(answer: _native.Answer, results: Results | None) -> None:
    if answer.code == _WRONG:
        raise wrong(answer)
    text = "\n".join(answer.said)
    if answer.code == _PARTLY:
        raise Unfinished(text, results)
    if answer.code == _INTERRUPTED:
        raise Interrupted(text, results)
    raise PointplaneError(text)


def _perform(
    kind: type[Kind],
    words: list[str],
    *,
    out: AnyPath | None,
    lang: str,
    jobs: bool = True,
    progress: Wanted = False,
    resume: bool = False,
    force: bool = False,
    time_limit: str | None = None,
    threads: int | None = None,
    executor: engines.Executors = None,
    shards: int | None = None,
) -> Kind:
    """Do a command that makes a results folder."""
    owner = None
    if out is None:
        from tempfile import TemporaryDirectory

        owner = TemporaryDirectory(prefix="pointplane-")
        out = Path(owner.name) / "results"
    folder = Path(out)
    words = [*words, f"--out={folder}"]
    # A folder that is there is replaced, or gone on with, by the one that begins; all others join.
    begin = words_of({"resume": resume, "force": force})
    work = words_of({"threads": threads, "time_limit": time_limit})
    results = kind(folder, lang=lang, owner=owner)
    try:
        with observing(progress) as observe:
            if executor is not None:
                answer = _native.call([*words, *begin], lang, jobs=True, hold=True)
                if answer.code not in (_DONE, _INTERRUPTED):
                    _raise(answer, results)
                if answer.code == _INTERRUPTED:
                    given = engines.Shards([*words, *work], lang, shards)
                    given.carry_out(executor, observe, results)
                begin = ["--resume"]
            answer = _native.call([*words, *work, *begin], lang, observe, jobs)
    except KeyboardInterrupt as error:
        kept = f"interrupted; what is finished is kept in {folder}"
        raise Interrupted(kept, results) from error
    problems = problems_of(answer.problems)
    results.said = "\n".join(answer.said) or answer.printed
    results.warnings = [of for of in problems if of.severity == "warning"]
    if answer.printed and kind is Explanation:
        results.said = answer.printed
    if answer.code == _PARTLY and results.is_complete:
        # A sweep whose tables are made without some runs that failed.
        warnings.warn(answer.said[-1] if answer.said else "not all is done", stacklevel=3)
    elif answer.code != _DONE:
        _raise(answer, results)
    return results


def _model(scenario: AnyPath | Scenario, set: Set, seed: int | None) -> tuple[list[str], list[str], list[str]]:
    """Give the words of a scenario, of what is set in it, and its layouts."""
    if isinstance(scenario, Scenario):
        path, layouts = word(scenario.path), list(scenario.layouts)
        given = [*scenario.set, *settings(set)]
    else:
        path, layouts, given = word(scenario), [], settings(set)
    return [path], words_of({"set": given, "seed": seed}), layouts


def _over(layouts: list[str], layout: Any) -> str:
    """Write a layout that is laid over those of a scenario."""
    name = word(layout)
    if not layouts:
        return name
    return "+".join([*layouts] if name == "base" else [*layouts, name])


def run(
    scenario: AnyPath | Scenario,
    *,
    layout: AnyPath | Iterable[AnyPath] | None = None,
    set: Set = None,
    seed: int | None = None,
    replicates: int | None = None,
    first_replicate: int | None = None,
    tables: str | Iterable[str] | None = None,
    every: int | None = None,
    format: str | None = None,
    out: AnyPath | None = None,
    resume: bool = False,
    force: bool = False,
    threads: int | None = None,
    time_limit: str | None = None,
    executor: engines.Executors = None,
    shards: int | None = None,
    progress: Wanted = None,
    lang: str = "en",
) -> Results:
    """Run a scenario.

    Parameters
    ----------
    scenario : path or Scenario
        A folder with a ``scenario.toml``, a TOML file, or a scenario that was loaded; then its layouts come first.
    layout : path or list of paths, optional
        Layouts to apply, in order: files, or names of files in its folder ``layouts``.
    set : dict or list of str, optional
        Parameters to change: ``{"line.beta": 0.1}``.
    seed : int, optional
        Random seed of all replicates; the scenario's when left out.
    replicates, first_replicate : int, optional
        Number of replicates, and the number of the first one.
    tables : list of str, optional
        Tables to write; ``"all"`` for all but links.
    every : int, optional
        Months between rows of the tables places, uptake and benefit.
    format : {"parquet", "csv"}, optional
        File format of the tables.
    out : path, optional
        Results folder; a temporary one, which goes with the results, when left out.
    resume, force : bool
        Complete what is in the folder, to the same bytes; or replace it.
    threads : int, optional
        Threads, all cores when left out; of each shard, one. The results do not depend on their number.
    time_limit : str, optional
        End within this time: ``"90s"``, ``"2h"``.
    executor : executor or factory of executors, optional
        Hand the work to an engine in shards; see `pointplane.engines`.
    shards : int, optional
        Number of shards; the engine's workers when left out.
    progress : bool or function, optional
        A bar (tqdm), or what is called with a `Progress`; a bar where somebody watches when left out.
    lang : {"en", "zh"}
        The language of words.

    Returns
    -------
    Results

    Raises
    ------
    ScenarioError
        When the input is wrong.
    Unfinished
        When the time limit is met or replicates fail; `Interrupted` at Ctrl-C. What is finished is kept.
    """
    positional, options, layouts = _model(scenario, set, seed)
    asked = {
        "layout": [*layouts, *several(layout)],
        "replicates": replicates,
        "first_replicate": first_replicate,
        "tables": together(tables),
        "every": every,
        "format": format,
    }
    return _perform(
        Results,
        ["run", *positional, *options, *words_of(asked)],
        out=out,
        lang=lang,
        progress=progress,
        resume=resume,
        force=force,
        time_limit=time_limit,
        threads=threads,
        executor=executor,
        shards=shards,
    )


def compare(
    scenario: AnyPath | Scenario,
    layouts: AnyPath | Iterable[AnyPath],
    *,
    baseline: AnyPath,
    set: Set = None,
    seed: int | None = None,
    priors: AnyPath | None = None,
    posterior: AnyPath | None = None,
    draws: int | None = None,
    value_of_information: AnyPath | None = None,
    variants: AnyPath | Iterable[AnyPath] | None = None,
    break_even: str | tuple[str, float, float] | None = None,
    replicates: int | None = None,
    until_width: str | Mapping[str, float] | None = None,
    min_replicates: int | None = None,
    max_replicates: int | None = None,
    primary: str | None = None,
    outcome: str | Iterable[str] | None = None,
    horizon: str | Iterable[str] | None = None,
    interval: str | None = None,
    every: int | None = None,
    format: str | None = None,
    out: AnyPath | None = None,
    resume: bool = False,
    force: bool = False,
    threads: int | None = None,
    time_limit: str | None = None,
    executor: engines.Executors = None,
    shards: int | None = None,
    progress: Wanted = None,
    lang: str = "en",
) -> Results:
    """Compare layouts with a baseline under common random numbers.

    What is not explained here is as in `run`.

    Parameters
    ----------
    scenario : path or Scenario
        The scenario.
    layouts : name, path, or list of them
        The layouts: names or files; several laid over each other are joined by ``+``; ``base`` for none.
    baseline : name or path
        What they are compared with.
    set, seed, replicates, format, out, resume, force, threads, time_limit, executor, shards, progress, lang
        As in `run`.
    priors, posterior : path, optional
        Draw parameters from the distributions of this plan, or from the rows of this table.
    draws : int, optional
        Number of draws of the parameters.
    value_of_information : path, optional
        Targets of which to say what counting them would be worth.
    variants : list of paths, optional
        Compare under each of these variants of the model as well.
    break_even : str or tuple, optional
        ``("line.beta", 0.02, 0.1)``, or the key alone: look for the values at which effects turn their sign.
    until_width : str or dict, optional
        ``{"mean_stock": 0.05}``: add replicates until intervals are that narrow.
    min_replicates, max_replicates : int, optional
        Of `until_width`: the first stage, and the most.
    primary : str, optional
        The primary outcome.
    outcome, horizon : str or list of str, optional
        Outcomes of the summary; months at which outcomes are measured, besides the end.
    interval : {"t", "bca"}, optional
        Method of the intervals.
    every : int, optional
        Keep places every so many months, for the map.

    Returns
    -------
    Results
    """
    positional, options, over = _model(scenario, set, seed)
    if isinstance(break_even, tuple):
        key, low, high = break_even
        break_even = f"{key}={low}..{high}"
    if isinstance(until_width, Mapping):
        until_width = ",".join(f"{name}={width}" for name, width in until_width.items())
    asked = {
        "baseline": _over(over, baseline),
        "priors": priors,
        "posterior": posterior,
        "draws": draws,
        "value_of_information": value_of_information,
        "break_even": break_even,
        "replicates": replicates,
        "until_width": until_width,
        "min_replicates": min_replicates,
        "max_replicates": max_replicates,
        "primary": primary,
        "outcome": several(outcome),
        "horizon": several(horizon),
        "interval": interval,
        "every": every,
        "format": format,
        "variants": [_over(over, of) for of in several(variants)],
    }
    named = [_over(over, of) for of in several(layouts)]
    return _perform(
        Results,
        ["compare", *positional, *named, *options, *words_of(asked)],
        out=out,
        lang=lang,
        progress=progress,
        resume=resume,
        force=force,
        time_limit=time_limit,
        threads=threads,
        executor=executor,
        shards=shards,
    )


def sweep(
    plan: AnyPath,
    *,
    retry_failed: bool = False,
    out: AnyPath | None = None,
    resume: bool = False,
    force: bool = False,
    threads: int | None = None,
    time_limit: str | None = None,
    executor: engines.Executors = None,
    shards: int | None = None,
    progress: Wanted = None,
    lang: str = "en",
) -> Results:
    """Vary parameters and layouts over many runs.

    Parameters
    ----------
    plan : path
        The plan, a TOML file; ``docs/sweep.md`` explains plans.
    retry_failed : bool
        With `resume`: repeat the runs that failed.
    out, resume, force, threads, time_limit, executor, shards, progress, lang
        As in `run`.

    Returns
    -------
    Results
    """
    return _perform(
        Results,
        ["sweep", "run", word(plan), *words_of({"retry_failed": retry_failed})],
        out=out,
        lang=lang,
        progress=progress,
        resume=resume,
        force=force,
        time_limit=time_limit,
        threads=threads,
        executor=executor,
        shards=shards,
    )


def replay(
    scenario: AnyPath | Scenario,
    layouts: AnyPath | Iterable[AnyPath],
    *,
    factual: AnyPath | None = None,
    set: Set = None,
    seed: int | None = None,
    posterior: AnyPath | None = None,
    draws: int | None = None,
    replicates: int | None = None,
    format: str | None = None,
    out: AnyPath | None = None,
    resume: bool = False,
    force: bool = False,
    threads: int | None = None,
    time_limit: str | None = None,
    executor: engines.Executors = None,
    shards: int | None = None,
    progress: Wanted = None,
    lang: str = "en",
) -> Results:
    """Replay the actual history under another layout.

    Parameters
    ----------
    scenario : path or Scenario
        A scenario with a history.
    layouts : name, path, or list of them
        Layouts under which it is replayed.
    factual : name or path, optional
        The layout under which it happened.
    posterior : path, optional
        Draw parameters from the rows of this table.
    draws : int, optional
        Number of draws, the first rows.
    set, seed, replicates, format, out, resume, force, threads, time_limit, executor, shards, progress, lang
        As in `run`.

    Returns
    -------
    Results
    """
    positional, options, over = _model(scenario, set, seed)
    if over and factual is None:
        factual = "base"
    asked = {
        "layout": [_over(over, of) for of in several(layouts)],
        "factual": None if factual is None else _over(over, factual),
        "posterior": posterior,
        "draws": draws,
        "replicates": replicates,
        "format": format,
    }
    return _perform(
        Results,
        ["replay", *positional, *options, *words_of(asked)],
        out=out,
        lang=lang,
        progress=progress,
        resume=resume,
        force=force,
        time_limit=time_limit,
        threads=threads,
        executor=executor,
        shards=shards,
    )


def calibrate(
    plan: AnyPath,
    *,
    quick: bool = False,
    check: int | None = None,
    out: AnyPath | None = None,
    resume: bool = False,
    force: bool = False,
    threads: int | None = None,
    time_limit: str | None = None,
    executor: engines.Executors = None,
    shards: int | None = None,
    progress: Wanted = None,
    lang: str = "en",
) -> Results:
    """Find the parameters under which the model gives the numbers of a record.

    Parameters
    ----------
    plan : path
        The plan, a TOML file; ``docs/calibrate.md`` explains plans.
    quick : bool
        A first look.
    check : int, optional
        Check the likelihood on so many truths in place of calibrating.
    out, resume, force, threads, time_limit, executor, shards, progress, lang
        As in `run`. With an executor every shard works through all waves, and they wait for each other's runs.

    Returns
    -------
    Results
    """
    return _perform(
        Results,
        ["calibrate", word(plan), *words_of({"quick": quick, "check": check})],
        out=out,
        lang=lang,
        progress=progress,
        resume=resume,
        force=force,
        time_limit=time_limit,
        threads=threads,
        executor=executor,
        shards=shards,
    )


def search(
    plan: AnyPath,
    *,
    out: AnyPath | None = None,
    resume: bool = False,
    force: bool = False,
    threads: int | None = None,
    time_limit: str | None = None,
    executor: engines.Executors = None,
    shards: int | None = None,
    progress: Wanted = None,
    lang: str = "en",
) -> Results:
    """Find the best of many layouts, with a stated chance of being right.

    Parameters
    ----------
    plan : path
        The plan, a TOML file; ``docs/search.md`` explains plans.
    out, resume, force, threads, time_limit, executor, shards, progress, lang
        As in `run`. With an executor every shard works through all stages, and they wait for each other's runs.

    Returns
    -------
    Results
    """
    return _perform(
        Results,
        ["search", word(plan)],
        out=out,
        lang=lang,
        progress=progress,
        resume=resume,
        force=force,
        time_limit=time_limit,
        threads=threads,
        executor=executor,
        shards=shards,
    )


def estimate(
    scenario: AnyPath | Scenario,
    *,
    layout: AnyPath | Iterable[AnyPath] | None = None,
    set: Set = None,
    parameters: str | Iterable[str] | None = None,
    cluster: str | None = None,
    bootstrap: int | None = None,
    mcmc: bool = False,
    effects: str | None = None,
    frailty: str | None = None,
    grid: str | Mapping[str, tuple[float, float] | list[float]] | None = None,
    simulate: int | None = None,
    curves: bool = False,
    hold_out: str | None = None,
    permutations: int | None = None,
    residuals: bool = False,
    profiles: bool = False,
    out: AnyPath | None = None,
    lang: str = "en",
) -> Results:
    """Estimate parameters from who adopted what when: exact maximum likelihood.

    ``results.folder / "estimated.toml"`` is a layout that puts the estimates into the scenario.

    Parameters
    ----------
    scenario : path or Scenario
        A scenario with a history.
    layout, set, out, lang
        As in `run`.
    parameters : list of str, optional
        Parameters to estimate; all when left out.
    cluster : {"item", "place", "both"}, optional
        Cluster standard errors.
    bootstrap : int, optional
        Draw the clusters again so many times.
    mcmc : bool
        Draw parameters from the likelihood itself, by Markov chains.
    effects, frailty : {"item", "place", "period"}, optional
        A factor on the hazard of each, fixed or drawn from a Gamma law.
    grid : str or dict, optional
        Profile the likelihood over a key: ``{"line.line_threshold": (2, 20)}``, or a list of values.
    simulate : int, optional
        Simulate so many histories at the estimates, for limits and the test of contagion.
    curves, residuals, profiles : bool
        Write these tables too.
    hold_out : str, optional
        Hold a part out and foretell it: ``items=0.2``, ``places=0.2`` or ``last=5``.
    permutations : int, optional
        Permutations of the links for the test of contagion.

    Returns
    -------
    Results
    """
    positional, options, layouts = _model(scenario, set, None)
    if isinstance(grid, Mapping):
        parts = []
        for key, of in grid.items():
            values = f"{of[0]}..{of[1]}" if isinstance(of, tuple) else ",".join(map(str, of))
            parts.append(f"{key}={values}")
        grid = parts[0] if len(parts) == 1 else "; ".join(parts)
    asked = {
        "layout": [*layouts, *several(layout)],
        "parameters": together(parameters),
        "cluster": cluster,
        "bootstrap": bootstrap,
        "mcmc": mcmc,
        "effects": effects,
        "frailty": frailty,
        "grid": grid,
        "simulate": simulate,
        "curves": curves,
        "hold_out": hold_out,
        "permutations": permutations,
        "residuals": residuals,
        "profiles": profiles,
    }
    words = ["estimate", *positional, *options, *words_of(asked)]
    return _perform(Results, words, out=out, lang=lang, jobs=False)


def explain(
    scenario: AnyPath | Scenario | Results,
    a: AnyPath | None = None,
    b: AnyPath | None = None,
    *,
    set: Set = None,
    seed: int | None = None,
    replay: bool = False,
    posterior: AnyPath | None = None,
    draw: int | None = None,
    replicate: int | None = None,
    place: str | None = None,
    innovation: str | None = None,
    since: str | None = None,
    format: str | None = None,
    out: AnyPath | None = None,
    force: bool = False,
    lang: str = "en",
) -> Explanation:
    """Explain where and why two layouts part in one replicate, and how that reaches a place.

    Parameters
    ----------
    scenario : path, Scenario or Results
        The scenario, or the results of a replay.
    a, b : name or path, optional
        The two layouts; of results of a replay `a` is the one to explain.
    replay : bool
        `a` is the layout under which the history happened.
    posterior : path, optional
        Of a replay: take the parameters from this table.
    draw, replicate : int, optional
        Numbers of the draw and of the replicate, from 0.
    place, innovation : str, optional
        Follow the difference to this place, and this innovation.
    since : str, optional
        Follow only what differs from this month on.
    set, seed, format, out, force, lang
        As in `run`.

    Returns
    -------
    Explanation
        ``said`` are the words, the tables ``chain``, ``spread`` and ``reached`` the data.
    """
    positional, options, over = _model(scenario if isinstance(scenario, Scenario) else word(scenario), set, seed)
    layouts = [_over(over, of) for of in (a, b) if of is not None]
    asked = {
        "replay": replay,
        "posterior": posterior,
        "draw": draw,
        "replicate": replicate,
        "place": place,
        "innovation": innovation,
        "since": since,
        "format": format,
    }
    words = ["explain", *positional, *layouts, *options, *words_of(asked)]
    return _perform(Explanation, words, out=out, lang=lang, force=force, jobs=False)


def report(
    results: AnyPath | Results,
    *,
    scenario: AnyPath | None = None,
    out: AnyPath | None = None,
    lang: str = "en",
) -> Path:
    """Make the report of results: one page for a browser.

    Parameters
    ----------
    results : path or Results
        The results folder.
    scenario : path, optional
        The scenario that was run, where it does not lie where it did.
    out : path, optional
        The file; ``report.html`` in the results folder when left out.
    lang : {"en", "zh"}
        The language of the page.

    Returns
    -------
    Path
        The file.
    """
    words = ["report", word(results), "--lang", lang, *words_of({"scenario": scenario, "out": out})]
    answer = _native.call(words, lang)
    if answer.code not in (_DONE, _PARTLY):
        _raise(answer, None)
    usual = "report.html" if lang == "en" else f"report-{lang}.html"
    return Path(word(results)) / usual if out is None else Path(word(out))


def figures(
    results: AnyPath | Results,
    *,
    format: str = "svg",
    width: str = "174mm",
    scenario: AnyPath | None = None,
    out: AnyPath | None = None,
    lang: str = "en",
) -> list[Path]:
    """Make the figures of a report for a paper.

    Parameters
    ----------
    results : path or Results
        The results folder.
    format : {"svg", "png", "pdf"}
        Format of the files.
    width : {"84mm", "174mm"}
        As wide as a column or a page.
    scenario : path, optional
        The scenario that was run, where it does not lie where it did.
    out : path, optional
        Folder of the files; ``figures`` in the results folder when left out.
    lang : {"en", "zh"}
        The language of the words.

    Returns
    -------
    list of Path
        The files.
    """
    asked = {"format": format, "width": width, "scenario": scenario, "out": out}
    words = ["figures", word(results), "--lang", lang, *words_of(asked)]
    answer = _native.call(words, lang)
    if answer.code not in (_DONE, _PARTLY):
        _raise(answer, None)
    return [Path(line) for line in answer.said if line.endswith(f".{format}")]


def package(
    results: AnyPath | Results, out: AnyPath, *, also: AnyPath | Iterable[AnyPath] | None = None, lang: str = "en"
) -> Path:
    """Make a replication package: inputs, results, figures, a README, and a script that makes all again.

    Call it where the results were made: their inputs are found from there.

    Parameters
    ----------
    results : path or Results
        The results folder; it is complete.
    out : path
        Write it into this folder, which is free.
    also : path or paths, optional
        Files and folders that are taken along, as what the inputs were derived from.
    lang : str, default "en"
        Language of README and figures, "en" or "zh".

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ScenarioError
        Inputs that are not as they were, results that are not complete, a folder that is taken.
    """
    words = ["package", word(results), "--lang", lang, *words_of({"out": out, "also": several(also)})]
    answer = _native.call(words, lang)
    if answer.code != _DONE:
        _raise(answer, None)
    return Path(answer.said[-1])


class Citation(NamedTuple):
    """How results are cited.

    Attributes
    ----------
    bibtex : str
        The entry for BibTeX.
    text_en, text_zh : str
        A sentence in English and in Chinese.
    version, commit : str
        Of the program that made the results.
    seed, replicates : int or None
        Random seed and replicates that are done; None where there are none.
    complete : bool
        Whether all that was asked for is there: results are cited once they are complete.
    """

    bibtex: str
    text_en: str
    text_zh: str
    version: str
    commit: str
    seed: int | None
    replicates: int | None
    complete: bool

    def __str__(self) -> str:
        """Give all texts."""
        return f"{self.bibtex}\n{self.text_en}\n\n{self.text_zh}"


def cite(results: AnyPath | Results) -> Citation:
    """Say how results are cited.

    Parameters
    ----------
    results : path or Results
        The results folder.

    Returns
    -------
    Citation
        An entry for BibTeX, and sentences.
    """
    answer = _native.call(["cite", word(results), "--json"])
    if answer.code not in (_DONE, _PARTLY):
        _raise(answer, None)
    said = json.loads(answer.printed)
    return Citation(**{name: said[name] for name in Citation._fields})

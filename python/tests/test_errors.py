"""What is wrong, what is interrupted, what fails."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import pointplane as pp

from conftest import MINIMAL, same


def test_a_wrong_scenario_is_told_as_check_tells_it(program, tmp_path):
    folder = tmp_path / "wrong"
    done = program("new", folder)
    assert done.returncode == 0
    file = folder / "scenario.toml"
    file.write_text(file.read_text().replace("[line]", "[line]\nforgeting = 1\nnational_rate = -7"))
    told = program("check", folder, code=2)
    with pytest.raises(pp.ScenarioError) as raised:
        pp.load(folder)
    assert str(raised.value) == told.stderr.strip()
    problems = {of.key: of for of in raised.value.problems}
    assert problems["line.forgeting"].nearest.endswith("forgetting")
    rate = problems["line.national_rate"]
    assert rate.value.startswith("-7")
    assert rate.allowed
    assert rate.line
    assert rate.file.endswith("scenario.toml")
    assert "line.national_rate" in rate.place
    with pytest.raises(pp.ScenarioError) as again:
        pp.check(folder)
    assert str(again.value) == told.stderr.strip()
    with pytest.raises(pp.ScenarioError) as third:
        pp.run(folder)
    assert str(third.value) == program("run", folder, "--out", tmp_path / "x", code=2).stderr.strip()


def test_wrong_arguments_are_told_as_the_command_tells_them(program):
    with pytest.raises(pp.ScenarioError, match="replicates") as raised:
        pp.run(MINIMAL, replicates=0)
    told = program("run", MINIMAL, "--replicates=0", code=2)
    assert str(raised.value).strip() == told.stderr.strip()
    assert raised.value.problems[0].file == "--replicates"
    assert raised.value.problems[0].value == "0"
    with pytest.raises(pp.ScenarioError) as raised:
        pp.run(MINIMAL, format="xlsx")
    assert raised.value.problems[0].allowed == "parquet, csv"
    with pytest.raises(pp.ScenarioError) as raised:
        pp.compare(MINIMAL, "nonne", baseline="base")
    assert any(of.nearest for of in raised.value.problems)
    with pytest.raises(ValueError, match="lang"):
        pp.run(MINIMAL, lang="fr")
    with pytest.raises(TypeError):
        pp.run(MINIMAL, replicate=3)


def test_chinese(program):
    with pytest.raises(pp.ScenarioError) as raised:
        pp.run(MINIMAL, set={"line.betta": 1}, lang="zh")
    assert "错误" in str(raised.value)
    assert "没有联盟" in str(pp.compare(MINIMAL, "none", baseline="base", replicates=2, lang="zh"))


def test_a_folder_that_is_used_is_refused_and_replaced_by_force(tmp_path):
    pp.run(MINIMAL, replicates=2, out=tmp_path / "a")
    with pytest.raises(pp.ScenarioError) as raised:
        pp.run(MINIMAL, replicates=2, out=tmp_path / "a")
    assert raised.value.problems[0].file == "--out"
    assert len(pp.run(MINIMAL, replicates=1, out=tmp_path / "a", force=True)["national"]) == 120


def test_warnings_are_kept():
    scenario = pp.load(MINIMAL, set={"replicates": 1})
    assert all(of.severity == "warning" for of in scenario.check())


class Stop(Exception):
    pass


def test_an_exception_of_a_progress_function_ends_the_run(tmp_path):
    seen = []

    def hears(progress: pp.Progress) -> None:
        seen.append(progress)
        if progress.done >= 2:
            raise Stop

    with pytest.raises(Stop):
        pp.run("scenarios/china", replicates=400, out=tmp_path / "a", progress=hears, threads=1)
    assert seen[-1].of == 400
    assert 2 <= seen[-1].done < 200
    kept = pp.read(tmp_path / "a")
    assert not kept.is_complete
    assert 2 <= kept.manifest["replicates_done"] < 200


def test_progress_counts_to_the_end(tmp_path):
    seen = []
    pp.compare(MINIMAL, "none", baseline="base", replicates=7, progress=seen.append)
    assert (seen[-1].done, seen[-1].of) == (7, 7)
    assert [of.done for of in seen] == sorted(of.done for of in seen)


def test_a_bar_is_shown_when_it_is_wanted(capfd):
    pp.run(MINIMAL, replicates=7, progress=True)
    assert "7/7" in capfd.readouterr().err
    pp.run(MINIMAL, replicates=7)
    assert capfd.readouterr().err == ""


def press_when(ready) -> threading.Thread:
    """Press Ctrl-C as soon as something is so."""

    def press() -> None:
        until = time.monotonic() + 60
        while not ready() and time.monotonic() < until:
            time.sleep(0.005)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    return thread


def begun(folder: Path) -> bool:
    """Whether a replicate of China is finished."""
    return any(path.stat().st_size > 20_000 for path in folder.glob("logs/*.log"))


def test_ctrl_c_keeps_what_is_finished_and_resume_completes_it(tmp_path):
    asked = {"replicates": 12, "tables": ["national"]}
    thread = press_when(lambda: begun(tmp_path / "a"))
    with pytest.raises(pp.Interrupted) as raised:
        pp.run("scenarios/china", threads=1, out=tmp_path / "a", **asked)
    thread.join()
    kept = raised.value.results
    assert 0 < kept.manifest["replicates_done"] < 12
    assert issubclass(pp.Interrupted, KeyboardInterrupt)
    pp.run("scenarios/china", out=tmp_path / "a", resume=True, **asked)
    pp.run("scenarios/china", out=tmp_path / "b", **asked)
    same(tmp_path / "a", tmp_path / "b")


def test_ctrl_c_in_a_progress_function_keeps_a_temporary_folder():
    def hears(progress: pp.Progress) -> None:
        if progress.done > 0:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)

    with pytest.raises(pp.Interrupted) as raised:
        pp.run("scenarios/china", replicates=400, threads=1, progress=hears)
    assert raised.value.results.manifest["replicates_done"] > 0


def test_ctrl_c_before_anything_is_begun_is_heard(tmp_path):
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012
        press_when(lambda: True)
        pp.run("scenarios/china", replicates=400, threads=1, out=tmp_path / "a")
    manifest = tmp_path / "a" / "manifest.json"
    assert not manifest.exists() or pp.read(tmp_path / "a").manifest["replicates_done"] < 400


def test_ctrl_c_gives_up_what_has_no_replicates(tmp_path):
    waiting = time.monotonic() + 0.5
    thread = press_when(lambda: time.monotonic() > waiting)
    began = time.monotonic()
    with pytest.raises(pp.Interrupted):
        pp.estimate("scenarios/us-lotteries", simulate=100_000, out=tmp_path / "a")
    thread.join()
    assert time.monotonic() - began < 5
    assert not Path(tmp_path / "a" / "estimates.csv").exists()


def test_a_time_limit_is_no_failure_of_what_is_kept(tmp_path):
    with pytest.raises(pp.Unfinished) as raised:
        pp.run("scenarios/china", replicates=100_000, out=tmp_path / "a", time_limit="8s")
    assert raised.value.results.manifest["replicates_done"] > 0


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        # Replicates that are begun are kept, and the command says how to go on.
        (["run", "scenarios/china", "--replicates", "4000", "--threads", "1"], {130}),
        # What keeps nothing ends by the signal.
        (["estimate", "scenarios/us-lotteries", "--simulate", "100000"], {-signal.SIGINT}),
    ],
)
def test_the_command_that_comes_with_the_wheel_hears_ctrl_c(tmp_path, words, codes):
    command = [sys.executable, "-m", "pointplane", *words, "--out", str(tmp_path / "a")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while "run" in words and not begun(tmp_path / "a") and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode in codes, said
    assert "run" not in words or "--resume" in said


def test_the_command_that_comes_with_the_wheel_is_the_program(program, tmp_path):
    def come(*words: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "pointplane", *words]
        env = {**os.environ, "LC_ALL": "C"}
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
        return done.returncode, done.stdout, done.stderr

    for words, code in [
        (["--version"], 0),
        (["schema"], 0),
        (["outcomes", "--json"], 0),
        (["check", MINIMAL], 0),
        (["check", "nowhere"], 2),
        (["rnu"], 2),
        (["run", "--help"], 0),
    ]:
        told = program(*words, code=code)
        assert come(*words) == (code, told.stdout, told.stderr), words

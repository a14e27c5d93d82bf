from collections.abc import Callable
from os import PathLike
from typing import Any, final

__all__ = [
    "Answer",
    "Loaded",
    "Problems",
    "Report",
    "Table",
    "__version__",
    "call",
    "load",
    "parameters",
    "program",
    "read",
    "report",
    "tables",
]

__version__: str

_Path = str | PathLike[str]
_Columns = list[tuple[str, str, str, str]]

class Problems(Exception): ...

@final
class Answer:
    code: int
    said: list[str]
    printed: str
    problems: str

def call(
    words: list[str],
    lang: str = "en",
    observe: Callable[[str, int, int], None] | None = None,
    jobs: bool = False,
    hold: bool = False,
) -> Answer: ...
def program(words: list[str]) -> int: ...

@final
class Loaded:
    named: tuple[str, list[str], str, str]
    counts: tuple[int, int, int]
    def spec(self) -> str: ...
    def toml(self) -> str: ...
    def set_at(self, key: str) -> str | None: ...
    def places(self) -> Table: ...
    def links(self) -> Table: ...
    def diff(self, other: Loaded, lang: str = "en") -> tuple[str, str]: ...

def load(path: _Path, layouts: list[str], set: list[str], lang: str = "en") -> Loaded: ...
def parameters() -> list[tuple[str, str, str, str, str, str]]: ...

@final
class Table:
    name: str
    columns: _Columns
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def to_pydict(self, rows: int | None = None) -> dict[str, list[Any]]: ...

def tables(folder: _Path) -> list[tuple[str, str, _Columns]]: ...
def read(folder: _Path, table: str, columns: list[str] | None = None) -> Table: ...

@final
class Report:
    head: tuple[str, str, str]
    answer: list[str]
    sure: (
        tuple[
            str,
            list[str],
            list[tuple[str, list[tuple[str, str, str] | None]]],
            list[str],
        ]
        | None
    )
    limits: str
    figures: list[tuple[str, str, str, str, str | None]]
    def svg(self, id: str, column: bool = False) -> str: ...

def report(folder: _Path, scenario: _Path | None = None, lang: str = "en") -> Report: ...

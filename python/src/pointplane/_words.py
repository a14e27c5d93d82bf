"""Keyword arguments as the words of a command."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any


def words_of(options: Mapping[str, Any]) -> list[str]:
    """Write options as the command line has them.

    None and False are left out, True is an option without a value, a list is the option again and again, and a tuple is a
    list within one option.
    """
    words: list[str] = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(option)
        elif isinstance(value, list):
            words += [f"{option}={word(one)}" for one in value]
        elif isinstance(value, tuple):
            words.append(f"{option}={','.join(word(one) for one in value)}")
        else:
            words.append(f"{option}={word(value)}")
    return words


def word(value: Any) -> str:
    """Write a value as the command line and TOML have it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    return str(value)


def several(value: Any) -> list[Any]:
    """Give a list of what may be one, several or none."""
    if value is None:
        return []
    if isinstance(value, str | os.PathLike) or not isinstance(value, Iterable):
        return [value]
    return list(value)


def together(value: Any) -> tuple[Any, ...] | None:
    """Give what stands within one option, separated by commas."""
    return None if value is None else tuple(several(value))


def settings(value: Mapping[str, Any] | Iterable[str] | str | None) -> list[str]:
    """Write keys and values as ``KEY=VALUE``."""
    if isinstance(value, Mapping):
        return [f"{key}={_toml(of)}" for key, of in value.items()]
    return [word(of) for of in several(value)]


def _toml(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(of) for of in value) + "]"
    return word(value)


def escaped(text: object) -> str:
    """Write a text for HTML."""
    import html

    return html.escape(str(text))

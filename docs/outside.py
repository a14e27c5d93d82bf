"""A preprocessor of mdBook (book.toml): a link to a file outside docs/ would lead nowhere in the book, so its path stands beside its words.

Standard library only.
"""

import json
import re
import sys

OUTSIDE = re.compile(r"\[([^\]]*)\]\(\.\./([^)\s#]+)[^)]*\)")


def told(chapter):
    chapter["content"] = OUTSIDE.sub(r"\1 (`\2`)", chapter["content"])
    each(chapter["sub_items"])


def each(items):
    for item in items:
        if isinstance(item, dict) and "Chapter" in item:
            told(item["Chapter"])


if __name__ == "__main__":
    if sys.argv[1:2] == ["supports"]:
        sys.exit(0)
    _, book = json.load(sys.stdin)
    each(book.get("items", book.get("sections", [])))
    json.dump(book, sys.stdout)

"""Where a table goes in a page: after its mark, up to the next heading."""

from __future__ import annotations

import re
from pathlib import Path


def put(page: Path, mark: str, table: str) -> None:
    """Write a table after its mark in a page, in place of the one that is there."""
    text = page.read_text(encoding="utf-8")
    kept = re.split(re.escape(mark) + r".*?(?=\n## |\Z)", text, maxsplit=1, flags=re.DOTALL)
    page.write_text(f"{kept[0]}{mark}\n\n{table}\n{kept[1]}", encoding="utf-8")

"""How a plot becomes a file."""

from __future__ import annotations

from pathlib import Path

from matplotlib import pyplot

from helpline.settings import ROOT


def saved(figure: pyplot.Figure, file: Path) -> Path:
    """Write a figure, close it, and return where it lies."""
    figure.tight_layout()
    # Without the date, so that the same results make the same file.
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
    # matplotlib leaves spaces at line ends.
    lines = file.read_text(encoding="utf-8").split("\n")
    file.write_text("\n".join(line.rstrip() for line in lines), encoding="utf-8")
    return file.relative_to(ROOT) if file.is_relative_to(ROOT) else file

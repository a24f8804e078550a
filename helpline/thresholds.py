"""The thresholds of the router: where they are written, and how they are found.

``helpline tune`` finds them on the development set and writes ``thresholds.yml`` beside this
module; nobody sets them by hand.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import yaml

from helpline.routing import Thresholds
from helpline.safety.verdict import ScreenThresholds

FILE = Path(__file__).with_name("thresholds.yml")

HEADER = """\
# Thresholds of the router (helpline/routing.py says what each one means).
# Written by `make tune` from the development set; do not edit by hand.
"""


def load_thresholds(file: Path = FILE) -> Thresholds:
    """Read the thresholds.

    Raises:
        ValueError: the file does not hold exactly the fields of ``Thresholds``.
    """
    values = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        screens = {name: ScreenThresholds(**limits) for name, limits in values["screens"].items()}
        return Thresholds(**{**values, "screens": screens})
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{file}: {error}; run `make tune` to write it anew") from None


def save_thresholds(thresholds: Thresholds, file: Path = FILE) -> None:
    """Write the thresholds, with a note on where they come from."""
    text = HEADER + yaml.safe_dump(asdict(thresholds), sort_keys=False)
    file.write_text(text, encoding="utf-8")

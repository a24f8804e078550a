"""How good are the answers? The development set and the test set, by the trained model.

Writes the table in docs/retrieval.md. The test set was written by another hand than the examples
and the development set; nothing was ever tuned on it.

    make bench
"""

from __future__ import annotations

import platform
from datetime import date

from page import put

from helpline.assistant import Assistant
from helpline.evaluation import Totals, read_rows, run, total
from helpline.settings import ROOT

PAGE = ROOT / "docs" / "retrieval.md"
MARK = "<!-- table: bench/questions.py -->"
SETS = ROOT / "tests" / "sets"

QUESTIONS = {
    "right article ranked first": "first",
    "right article among the first three": "top3",
    "answered with the right article": "answered",
    "offered as “Did you mean”": "clarified",
    "abstained (Did you mean, or unsure)": "abstention",
    "confidently wrong": "wrong_answers",
}


def main() -> None:
    assistant = Assistant()
    found: dict[str, Totals] = {
        name: total(list(run(assistant, read_rows(SETS / f"{name}.jsonl"))))
        for name in ("dev", "test")
    }
    questions = sum(bool(row.ok) for row in read_rows(SETS / "test.jsonl"))
    lines = [
        f"Made by `make bench` on {date.today()}, {platform.machine()}, Python "
        f"{platform.python_version()}. {questions} questions for articles in each set, and "
        f"{found['test'].rows - questions} messages for others.",
        "",
        "| questions for articles | development | test |",
        "| --- | ---: | ---: |",
    ]
    for words, name in QUESTIONS.items():
        lines.append(
            f"| {words} | " + " | ".join(f"{getattr(t, name):.1%}" for t in found.values()) + " |"
        )
    lines += [
        "",
        "| messages for others, right route taken | development | test |",
        "| --- | ---: | ---: |",
    ]
    for route in found["test"].routes:
        if route != "answer":
            shares = (f"{t.routes[route]:.1%}" for t in found.values())
            lines.append(f"| {route} | " + " | ".join(shares) + " |")
    answered = (f"{t.answered_though_not_for_articles:.1%}" for t in found.values())
    lines.append("| answered with an article all the same | " + " | ".join(answered) + " |")
    table = "\n".join(lines)
    print(table)
    put(PAGE, MARK, table)


if __name__ == "__main__":
    main()

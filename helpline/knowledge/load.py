"""Reading the folder ``knowledge/``. Every complaint names file, block, field and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from helpline import settings
from helpline.knowledge.models import (
    Article,
    CannedReply,
    Contact,
    Entity,
    Knowledge,
    Record,
    Source,
    Term,
    Topic,
)
from helpline.yaml_loader import SafeLoader

CANNED = "canned.yml"
"""What specialists can send. Where there is no desk, the file is not needed."""

R = TypeVar("R", bound=Record)


class KnowledgeError(Exception):
    """The folder cannot be used. Each line says file, block, field and what to do."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = [" ".join(problem.split()) for problem in problems]
        super().__init__("\n".join(self.problems))


def load_knowledge(folder: Path, reviewed_only: bool = False) -> Knowledge:
    """Read and validate the whole folder.

    Args:
        folder: a folder with ``articles/``, ``sources.yml``, ``glossary.yml``, ``entities.yml``
            and ``contacts.yml``; ``canned.yml`` where there is a desk.
        reviewed_only: leave out articles whose ``clinical_review`` is pending.

    Raises:
        KnowledgeError: a file is missing, is not YAML, or holds something unexpected; all
            problems at once.
    """
    reader = _Reader()
    topics: dict[str, Topic] = {}
    articles: dict[str, Article] = {}
    for path in sorted((folder / "articles").glob("*.yml")):
        content = reader.mapping(path)
        if not content:
            continue
        topic = path.stem
        blocks = list(reader.blocks(path, content.pop("articles", None), "articles"))
        reader.add(topics, path, Topic, {**content, "id": topic})
        for block in blocks:
            reader.add(articles, path, Article, {**block, "topic": topic})
    if not articles and not reader.problems:
        reader.problems.append(
            f"{_name(folder / 'articles')}: no articles found; add at least one .yml file with "
            '"title" and "articles" (see CONTRIBUTING.md)'
        )
    sources = reader.named(folder / "sources.yml", Source)
    contacts = reader.named(folder / "contacts.yml", Contact)
    terms = reader.listed(folder / "glossary.yml", Term)
    entities = reader.listed(folder / "entities.yml", Entity)
    canned_file = folder / CANNED
    canned = reader.listed(canned_file, CannedReply) if canned_file.exists() else {}
    if reader.problems:
        raise KnowledgeError(reader.problems)
    if reviewed_only:
        articles = {
            key: article
            for key, article in articles.items()
            if article.clinical_review != "pending"
        }
        if not articles:
            raise KnowledgeError(
                [
                    f"{_name(folder / 'articles')}: no article is signed off by a clinician; "
                    "unset HELPLINE_REVIEWED_ONLY to work with articles under review"
                ]
            )
    return Knowledge(
        topics=topics,
        articles=articles,
        sources=sources,
        terms=terms,
        entities=entities,
        contacts=contacts,
        canned=canned,
    )


def configured_knowledge() -> Knowledge:
    """Return the knowledge of the folder and review rule that the settings name.

    Raises:
        KnowledgeError: as :func:`load_knowledge`.
    """
    return load_knowledge(settings.KNOWLEDGE, reviewed_only=settings.REVIEWED_ONLY)


class _Loader(SafeLoader):
    """Leaves dates as text, so that pydantic can say where one is wrong; takes no name twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
        for first, rules in SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f'"{key.value}" is there twice', key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


class _Reader:
    """Reads files and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def parse(self, path: Path) -> Any:
        try:
            return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        except FileNotFoundError:
            self.problems.append(f"{_name(path)}: file not found; put it back")
        except OSError as error:
            self.problems.append(
                f"{_name(path)}: cannot be read ({error.strerror}); put a text file there"
            )
        except UnicodeDecodeError:
            self.problems.append(f"{_name(path)}: not a text file; save it as UTF-8")
        except yaml.YAMLError as error:
            self.problems.append(_yaml_problem(path, error))
        except ValueError as error:
            self.problems.append(f"{_name(path)}: {error}; put quotes around that value")
        return None

    def mapping(self, path: Path) -> dict[str, Any]:
        before = len(self.problems)
        content = self.parse(path)
        if isinstance(content, dict):
            return {str(key): value for key, value in content.items()}
        if len(self.problems) == before:
            self.problems.append(f'{_name(path)}: should be a list of "name: value" lines')
        return {}

    def blocks(self, path: Path, content: Any, where: str) -> Iterator[dict[str, Any]]:
        if content is None and any(line.startswith(_name(path)) for line in self.problems):
            return
        if not isinstance(content, list) or not content:
            self.problems.append(
                f'{_name(path)}: {where}: should be a list, each block with "- id:"'
            )
            return
        for number, block in enumerate(content, start=1):
            if isinstance(block, dict):
                yield block
            else:
                self.problems.append(f'{_name(path)}: block {number}: should begin with "- id:"')

    def named(self, path: Path, kind: type[R]) -> dict[str, R]:
        found: dict[str, R] = {}
        for key, block in self.mapping(path).items():
            fields = block if isinstance(block, dict) else {}
            self.add(found, path, kind, {**fields, "id": key})
        return found

    def listed(self, path: Path, kind: type[R]) -> dict[str, R]:
        found: dict[str, R] = {}
        for block in self.blocks(path, self.parse(path), "the file"):
            self.add(found, path, kind, block)
        return found

    def add(self, into: dict[str, R], path: Path, kind: type[R], block: dict[str, Any]) -> None:
        key = str(block.get("id", "block without id"))
        if key in into:
            self.problems.append(f"{_name(path)}: {key}: id: used twice; rename one")
            return
        try:
            into[key] = kind(**{str(name): value for name, value in block.items()})
        except ValidationError as error:
            for problem in error.errors():
                field = ".".join(str(part) for part in problem["loc"])
                self.problems.append(f"{_name(path)}: {key}: {field}: {_advice(problem['msg'])}")


def _name(path: Path) -> str:
    """Return the path from ``knowledge`` on, as an editor knows it."""
    parts = path.parts
    return "/".join(parts[parts.index("knowledge") :]) if "knowledge" in parts else str(path)


def _yaml_problem(path: Path, error: yaml.YAMLError) -> str:
    """Say where the YAML breaks, and in which article, in one line."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return f"{_name(path)}: not readable as YAML; {str(error).splitlines()[0]}"
    mark = error.problem_mark
    if error.context_mark and str(error.context).startswith("while scanning a"):
        mark = error.context_mark  # Where the quote was opened, not where the file ended.
    line = mark.line + 1
    before = path.read_text(encoding="utf-8").splitlines()[:line]
    ids = [text.split("id:", 1)[1].strip() for text in before if text.lstrip().startswith("- id:")]
    article = f" {ids[-1]}:" if ids else ""
    field = next(
        (
            text.strip().split(":", 1)[0]
            for text in reversed(before)
            if ":" in text and text.strip()[:1].isalpha()
        ),
        "",
    )
    field = f" {field}:" if field else ""
    return (
        f"{_name(path)}:{article}{field} line {line} is not readable as YAML ({error.problem}); "
        "check its indentation, quotes and colons"
    )


def _advice(message: str) -> str:
    """Put pydantic's words into an editor's."""
    known = {
        "field required": "missing; add it",
        "extra fields not permitted": "not a known field; remove it or check the spelling",
        "none is not an allowed value": "empty; fill it in",
        "value is not a valid list": 'should be a list, each line beginning with "-"',
        "str type expected": "should be text; put quotes around it",
    }
    return known.get(message, message)

"""The command ``helpline``. Each sub-command is a few lines over a module that does the work."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from helpline import __version__
from helpline.clock import real_now
from helpline.knowledge import KnowledgeError


def plain_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Say what is wrong in one line each, and leave with 1; no traceback."""

    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> Any:
        from helpline.encoder import EncoderError
        from helpline.evaluation import BadRow
        from helpline.serve import CannotServe
        from helpline.training import NoModel

        try:
            return command(*args, **options)
        except (KnowledgeError, NoModel, EncoderError, CannotServe, BadRow, ValueError) as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Answers about adult acute lymphoblastic leukemia, and the way to a person."""
    from helpline.quiet import hush

    hush(with_rasa=False)


@main.command()
@plain_errors
def encoder() -> None:
    """Export the sentence encoder (once; training does it where it is missing)."""
    from helpline.encoder import exported

    click.echo(f"Sentence encoder: {exported().name}")


@main.command()
@plain_errors
def finetune() -> None:
    """Teach the sentence encoder all examples anew (50 minutes); see docs/safety.md."""
    from helpline.finetuning import finetune

    finetune(say=click.echo)


@main.command()
@click.option("--force", is_flag=True, help="Train even if the model is fresh.")
@plain_errors
def train(force: bool) -> None:
    """Train the model, if it is older than what it is made from."""
    from helpline.training import ensure_model

    ensure_model(force, say=click.echo)


@main.command()
@plain_errors
def run() -> None:
    """Start the assistant and its action server; Ctrl-C ends both."""
    from helpline.serve import serve
    from helpline.training import ensure_model

    ensure_model(say=click.echo)
    sys.exit(serve(say=click.echo))


@main.command()
@click.option("--url", help="Talk to an assistant that runs there instead of starting one.")
@plain_errors
def chat(url: str | None) -> None:
    """Talk to the assistant in the terminal."""
    from helpline.chat import chat_at, chat_with_own_server
    from helpline.training import ensure_model

    if url:
        chat_at(url)
    else:
        ensure_model(say=click.echo)
        chat_with_own_server()


@main.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Everything, for programs.")
@plain_errors
def ask(text: str, as_json: bool) -> None:
    """Ask one question and print what a visitor would get."""
    from dataclasses import asdict

    from helpline.assistant import Assistant

    reply = Assistant().talk([text])[0]
    if as_json:
        click.echo(json.dumps(asdict(reply), ensure_ascii=False, indent=1))
        return
    click.echo(f"{reply.route}: {reply.article or '-'} ({reply.confidence:.2f})")
    for message in reply.said:
        if message.get("text"):
            click.echo(f"\n{message['text']}")
        for number, button in enumerate(message.get("buttons", []), 1):
            click.echo(f"  {number}. {button['title']}")


@main.command()
@click.argument("text")
@plain_errors
def screen(text: str) -> None:
    """Say what the safety screen sees in TEXT, and by which rules."""
    from helpline.assistant import Assistant

    verdict = Assistant().see(text).verdict
    shown = [name for name in ("crisis", "emergency") if getattr(verdict, name)]
    click.echo(f"Shown: {' and '.join(shown) or 'nothing'}" + (f" ({verdict.tier})" * bool(shown)))
    for name, chance in verdict.chances.items():
        click.echo(f"  {name} by the classifier: {chance:.2f}")
    for sign in verdict.signs:
        weak = f", weakened by {sign.weakened_by!r}" if sign.weakened_by else ""
        click.echo(f"  {sign.screen} by the rule {sign.rule!r}: {sign.text!r}{weak}")


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Every row and the totals, as JSON.")
@plain_errors
def evaluate(files: tuple[Path, ...], as_json: bool) -> None:
    """Judge the assistant by FILES of questions (YAML or JSONL, see docs/evaluation.md)."""
    from tqdm import tqdm

    from helpline import evaluation
    from helpline.assistant import Assistant

    rows = [row for file in files for row in evaluation.read_rows(file)]
    assistant = Assistant()
    bar = tqdm(rows, unit="row", leave=False, disable=not sys.stderr.isatty())
    judged = list(evaluation.run(assistant, bar))
    totals = evaluation.total(judged)
    click.echo(evaluation.as_json(judged, totals) if as_json else evaluation.in_words(totals))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@plain_errors
def tune(files: tuple[Path, ...]) -> None:
    """Find the router's thresholds on development FILES and write them."""
    from helpline import evaluation
    from helpline.assistant import Assistant
    from helpline.knowledge import configured_knowledge
    from helpline.thresholds import FILE, load_thresholds, save_thresholds
    from helpline.tuning import Example
    from helpline.tuning import tune as find

    rows = [row for file in files for row in evaluation.read_rows(file) if not row.before]
    assistant = Assistant()
    examples = [Example(row, assistant.see(row.text)) for row in rows]
    thresholds, cost = find(examples, configured_knowledge(), load_thresholds())
    save_thresholds(thresholds)
    click.echo(f"{FILE.name} written: cost {cost:.1f} over {len(rows)} rows. Train to use it.")


@main.group()
def knowledge() -> None:
    """Work on the knowledge base."""


@knowledge.command()
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Also look for eight words in a row shared with the texts in this folder.",
)
@plain_errors
def check(against: Path | None) -> None:
    """Check articles, sources, glossary and contacts; exit 1 if something has to change."""
    from helpline import settings
    from helpline.encoder import Encoder, exported
    from helpline.knowledge.check import check as find_problems
    from helpline.safety.examples import load_examples
    from helpline.safety.rules import load_rules

    load_rules(settings.KNOWLEDGE / "safety")
    load_examples(settings.KNOWLEDGE / "safety")
    # As published: a fine-tuned encoder was taught to keep articles apart.
    encode = Encoder(exported(finetuned=False), threads=0).encode
    problems = find_problems(settings.KNOWLEDGE, date.today(), encode, against)
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.fatal for problem in problems)
    click.echo(f"{errors} to change, {len(problems) - errors} to look at.")
    sys.exit(1 if errors else 0)


@main.command()
@plain_errors
def feedback() -> None:
    """Print what visitors thought of the answers."""
    from helpline.feedback import summary

    rows = summary()
    if not rows:
        click.echo("No visitor has said yet whether an answer helped.")
    for article, helpful, not_helpful, wrong in rows:
        click.echo(f"{article}: {helpful} helpful, {not_helpful} not helpful, {wrong} wrong")


@main.command()
@click.option(
    "--older-than",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="By default what HELPLINE_KEEP_DAYS says. 0 forgets all.",
)
@plain_errors
def forget(older_than: float | None) -> None:
    """Delete old conversations (the running assistant does it by itself, every hour)."""
    from helpline.quiet import hush
    from helpline.web import retention

    hush()
    from helpline.web.tracker import Tracker

    count = retention.forget(real_now(), Tracker.configured(), older_than)
    click.echo(f"{count} conversation{'s' * (count != 1)} deleted.")


@main.group()
def desk() -> None:
    """Say who works at the specialists' desk."""


@desk.command()
@click.argument("name")
@click.option("--role", type=click.Choice(["specialist", "supervisor"]), default="specialist")
@click.option("--shown", metavar="NAME", help="The name that visitors see.")
@click.option("--capacity", type=click.IntRange(1, 20), help="Chats at a time; 3 by default.")
@plain_errors
def add(name: str, role: Any, shown: str | None, capacity: int | None) -> None:
    """Make an account NAME; the password is asked for, or read from standard input."""
    from helpline.desk import specialists

    specialists.add(name, _password(), role, shown, capacity or specialists.CAPACITY)
    click.echo(f"{name} can sign in at /desk/ as {role}.")


@desk.command("list")
@plain_errors
def list_() -> None:
    """List the accounts."""
    from helpline.desk import specialists

    accounts = specialists.all_accounts()
    if not accounts:
        click.echo("Nobody works at the desk yet. Make an account: helpline desk add NAME")
    for one in accounts:
        click.echo(f"{one.name}: {one.role}, shown as {one.shown}, up to {one.capacity} chats")


@desk.command()
@click.argument("name")
@plain_errors
def password(name: str) -> None:
    """Give NAME another password, and end all their sessions."""
    from helpline.desk import specialists

    specialists.change_password(name, _password())
    click.echo(f"{name} has a new password and is signed out everywhere.")


@desk.command()
@click.argument("name")
@plain_errors
def remove(name: str) -> None:
    """Delete the account NAME; their chats go back into the queue."""
    from helpline.desk import specialists

    specialists.remove(name)
    click.echo(f"{name} is removed.")


def _password() -> str:
    """Return a password that is typed unseen, or the first line of what is piped in."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")

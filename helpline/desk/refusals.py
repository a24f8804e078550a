"""What is told where the state machine refuses: what has happened, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from helpline.desk.states import Refused
from helpline.web.problems import Problem

WORDS: Mapping[str, tuple[str, str]] = {
    "ask": ("You are in line already, or somebody is with you.", "Go on writing here."),
    "cancel": ("Nobody is being waited for.", "The chat is open; go on writing here."),
    "claim": ("Somebody else has taken this chat, or it has ended.", "Take the next one."),
    "speak": ("This chat is not yours any more.", "Look at the list of your chats."),
    "close": ("This chat is not yours any more.", "Look at the list of your chats."),
    "unread": ("The visitor has just written.", "Read it, then close the chat."),
    "full": ("There is no room for one more chat.", "Close a chat first, or ask a colleague."),
    "away": ("Whoever is away takes no chats.", "Set yourself to available, or ask somebody else."),
    "account": ("This account does not exist any more.", "Ask a supervisor."),
    "transfer_offered": ("This chat cannot be passed on to them.", "Choose another colleague."),
    "transfer_accepted": ("This chat is not offered to you any more.", "Look at your chats."),
    "transfer_declined": ("This chat is not offered to anybody.", "Look at your chats."),
    "answered": ("This question is answered already.", "Take the next one."),
    "live": ("The visitor is talking to somebody right now.", "Answer when that chat has ended."),
    "ask a specialist": ("A specialist is there, or will be.", "Ask your question in the chat."),
    "questions": ("You have left three questions already.", "Please wait for an answer, or phone."),
    "survey": ("There is nothing to rate.", "You can rate a chat with a specialist once."),
}


def problem_of(refused: Refused) -> Problem:
    """Return what a page is told."""
    title, detail = WORDS.get(
        str(refused), ("Something has changed in between.", "Look again, then decide.")
    )
    return Problem(409, title, detail)


def not_there() -> Problem:
    """Return: there is no such conversation, or it is not theirs to see."""
    return Problem(
        404, "There is no such chat, or it is not yours to see.", "Look at the list of your chats."
    )


def signed_out() -> Problem:
    """Return: whoever asks is not signed in."""
    return Problem(401, "You are not signed in.", "Sign in again.", {"WWW-Authenticate": "Cookie"})


def wrong_password() -> Problem:
    """Return: name and password do not fit."""
    return Problem(
        401,
        "Name or password is wrong.",
        "Try again. A supervisor can give you a new password: helpline desk password NAME.",
        {"WWW-Authenticate": "Cookie"},
    )


def forged() -> Problem:
    """Return: the request does not come from the desk's page."""
    return Problem(403, "This request was not made by the desk's page.", "Reload the page.")


def supervisors_only() -> Problem:
    """Return: it takes a supervisor."""
    return Problem(403, "This is for supervisors.", "Ask one of them.")

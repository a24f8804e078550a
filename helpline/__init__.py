"""Helpline: answers about adult acute lymphoblastic leukemia (ALL) and the way to a person.

The package holds the domain logic; it imports no Rasa outside :mod:`helpline.nlu`,
:mod:`helpline.assistant`, and what speaks HTTP in :mod:`helpline.web` and :mod:`helpline.desk`. It
is also a spaCy pipeline package: ``spacy.load("helpline")`` gives the English pipeline that knows
the glossary (see :mod:`helpline.language`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language

__version__ = "0.1.0"


def load(**overrides: Any) -> Language:
    """Return the spaCy pipeline. spaCy calls this for ``spacy.load("helpline")``.

    Args:
        overrides: spaCy's loading options. Only ``disable`` and ``exclude`` have a meaning here.
    """
    from helpline.knowledge import configured_knowledge
    from helpline.language import build_language

    nlp = build_language(configured_knowledge())
    # As spaCy does for the packages that it loads itself; Rasa insists on it.
    nlp._path = Path(__file__).parent
    for name in (*overrides.get("disable", ()), *overrides.get("exclude", ())):
        if name in nlp.pipe_names:
            nlp.disable_pipe(name)
    return nlp

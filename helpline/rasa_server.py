"""Rasa's own command line, quiet, on our model: ``python -m helpline.rasa_server run ...``."""

import sys
from typing import Any

from helpline.quiet import hush


def check_schema_once() -> None:
    """Let Rasa check what actions return against its schema, but not the schema each time.

    ``jsonschema.validate`` first holds the schema itself against the schema of schemas, which costs
    more than all the rest of a turn.
    """
    from jsonschema import ValidationError
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)
    validator.check_schema(schema)

    def check(_: RemoteAction, result: dict[str, Any]) -> bool:
        try:
            validator.validate(result)
        except ValidationError as error:
            error.message += ". The action server's response is not one."
            raise
        return True

    RemoteAction._validate_action_result = check


if __name__ == "__main__":
    hush()
    import rasa.__main__ as rasa

    from helpline.training import model_path

    # Rasa would set up its structured log anew, with what visitors wrote in it.
    rasa.configure_structlog = lambda *_: None
    check_schema_once()
    sys.argv += ["--model", str(model_path())]
    rasa.main()

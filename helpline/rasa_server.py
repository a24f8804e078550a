"""Rasa's own command line, quiet, on our model: ``python -m helpline.rasa_server run ...``."""

import sys

from helpline.quiet import hush

if __name__ == "__main__":
    hush()
    import rasa.__main__ as rasa

    from helpline.training import model_path

    # Rasa would set up its structured log anew, with what visitors wrote in it.
    rasa.configure_structlog = lambda *_: None
    sys.argv += ["--model", str(model_path())]
    rasa.main()

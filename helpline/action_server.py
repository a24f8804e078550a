"""Rasa's own action server, quiet: ``python -m helpline.action_server --actions actions``."""

from helpline.quiet import hush

if __name__ == "__main__":
    hush(with_rasa=False)
    from rasa_sdk.__main__ import main

    main()

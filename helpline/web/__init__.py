"""How messages come in over HTTP."""

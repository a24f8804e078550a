"""A conversation's human side: who holds it, who waits, who may speak."""

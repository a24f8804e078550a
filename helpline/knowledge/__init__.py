"""What the helpline knows: models, loading and checking of ``knowledge/``."""

from helpline.knowledge.load import KnowledgeError, configured_knowledge, load_knowledge
from helpline.knowledge.models import Article, Contact, Entity, Hours, Knowledge, Source, Term

__all__ = [
    "Article",
    "Contact",
    "Entity",
    "Hours",
    "Knowledge",
    "KnowledgeError",
    "Source",
    "Term",
    "configured_knowledge",
    "load_knowledge",
]

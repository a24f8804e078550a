"""What our trained components have in common."""

from __future__ import annotations

import pickle
from typing import Any, ClassVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from helpline.training import inputs_hash


class Component(GraphComponent):
    """A component that Rasa trains anew whenever anything it is made from has changed.

    Rasa's cache looks at the training data and the configuration. Ours also learn from the
    articles' text and the thresholds, and are stored as objects of our own classes.
    """

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Return what stands for all of it in Rasa's cache."""
        return inputs_hash()


class StoredComponent(Component):
    """A component whose state is one object: made untrained, kept in the model, loaded from it."""

    FILE: ClassVar[str]
    """The state's name in the model."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, state: Any
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._state = state

    @classmethod
    def untrained(cls) -> Any:
        """Return the state before training."""
        raise NotImplementedError

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> StoredComponent:
        """Make an untrained component."""
        return cls(config, model_storage, resource, cls.untrained())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> StoredComponent:
        """Load the trained component from the model."""
        with model_storage.read_from(resource) as folder:
            state = pickle.loads((folder / cls.FILE).read_bytes())
        return cls(config, model_storage, resource, state)

    def keep(self) -> Resource:
        """Put the state into the model."""
        with self._model_storage.write_to(self._resource) as folder:
            (folder / self.FILE).write_bytes(pickle.dumps(self._state, pickle.HIGHEST_PROTOCOL))
        return self._resource

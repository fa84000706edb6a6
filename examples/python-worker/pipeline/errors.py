"""What can go wrong. The names of these classes are what Temporal's retry policies see as types of errors."""


class DocumentNotFoundError(Exception):
    """S3 has no such object or bucket."""


class UnsupportedFormatError(Exception):
    """Nothing here reads such a file."""


class ValidationError(Exception):
    """The document cannot be ingested as it is, however often it is tried."""


class EmbeddingError(Exception):
    """What the embeddings API answered is not what was asked for."""


class LockNotAcquiredError(Exception):
    """Another saga works on the document."""


class LockLostError(Exception):
    """The lock went to another saga, or may have: nothing may be written any more, nor undone. Whoever takes the lock
    next finds the open saga in the log, and what stood before it."""


class RestoreFailedError(Exception):
    """At least one store could not be put back to what stood before."""


class StoreError(Exception):
    """A call to a store failed.

    - `transient`: trying again may help.
    - `reached`: the store may have done what was asked. Only what never left this process is false.
    """

    def __init__(self, store: str, error: BaseException | str, *, transient: bool, reached: bool = True) -> None:
        words = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        super().__init__(f"{store}: {words}")
        self.store = store
        self.transient = transient
        self.reached = reached

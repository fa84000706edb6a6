"""Vectors from OpenAI. The client tries once: how often, and when again, is for Temporal to say."""

import datetime
from collections.abc import Iterator

import openai
from temporalio.exceptions import ApplicationError

from pipeline.errors import EmbeddingError
from pipeline.model import Embeddings, ParsedDocument, pack

DIMENSIONS = 1536
# A request takes 300,000 tokens, and a token may be one character.
_CHARACTERS_PER_REQUEST = 200_000
# The document's own vector is of its beginning: a text takes 8192 tokens.
_DOCUMENT_CHARACTERS = 8000
_WORTH_ANOTHER_TRY = {408, 409, 425, 429}


class Embedder:
    def __init__(self, model: str) -> None:
        self._model = model
        # Address and key are those of the SDK's own variables: OPENAI_BASE_URL, OPENAI_API_KEY.
        self._client = openai.AsyncOpenAI(max_retries=0, timeout=30)

    async def close(self) -> None:
        await self._client.close()

    async def embed(self, document: ParsedDocument) -> Embeddings:
        """One call for the document, one for all its chunks; more for a very long document."""
        whole = await self._vectors([document.content[:_DOCUMENT_CHARACTERS].strip() or document.title])
        chunks = [packed for batch in _batches(document.chunks) for packed in await self._vectors(batch)]
        return Embeddings(whole[0], chunks)

    async def _vectors(self, texts: list[str]) -> list[str]:
        try:
            answer = await self._client.embeddings.create(model=self._model, input=texts)
        except openai.APIStatusError as error:
            raise _refused(error) from error
        except openai.APIConnectionError as error:
            raise EmbeddingError(f"{type(error).__name__}: {error}") from error
        except (AttributeError, TypeError, ValueError) as error:
            # The SDK's way to say that the answer is no such JSON.
            raise EmbeddingError(f"the answer cannot be read: {error}") from error
        return _checked(answer, len(texts))


def _checked(answer: openai.types.CreateEmbeddingResponse, count: int) -> list[str]:
    """Each vector where its index says, all of them there, and all of one length."""
    vectors = {item.index: item.embedding for item in answer.data or []}
    if sorted(vectors) != list(range(count)):
        raise EmbeddingError(f"{count} texts were asked for, and vectors of {sorted(vectors)} came")
    if wrong := {len(vector) for vector in vectors.values()} - {DIMENSIONS}:
        raise EmbeddingError(f"a vector has {wrong.pop()} dimensions in place of {DIMENSIONS}")
    return [pack(vectors[index]) for index in range(count)]


def _refused(error: openai.APIStatusError) -> ApplicationError:
    lasting = error.status_code < 500 and error.status_code not in _WORTH_ANOTHER_TRY
    if error.code in ("insufficient_quota", "invalid_api_key"):
        lasting = True
    return ApplicationError(
        f"OpenAI answered {error.status_code} {error.code or ''}: {error.message}",
        type=type(error).__name__,
        non_retryable=lasting,
        next_retry_delay=None if lasting else _asked_delay(error),
    )


def _asked_delay(error: openai.APIStatusError) -> datetime.timedelta | None:
    """`retry-after-ms` or `retry-after` in seconds. None, for the policy's own, where neither says anything
    sensible."""
    for header, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(error.response.headers.get(header, "")) * unit
        except ValueError:
            continue
        if 0 <= seconds <= 60:
            return datetime.timedelta(seconds=seconds)
    return None


def _batches(texts: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    characters = 0
    for text in texts:
        if batch and characters + len(text) > _CHARACTERS_PER_REQUEST:
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch

"""openai as a helper: every operation has a client of its own, with the retries that it is told to have."""

from lines import serve  # isort: first

import openai

MODEL = "text-embedding-3-small"
TEXTS = ["one", "two", "three"]


def client(address, attempts, timeout=2.0):
    return openai.OpenAI(
        base_url=f"http://{address}/v1", api_key="sk-cells", max_retries=attempts - 1, timeout=timeout)


def embed(address, token, attempts):
    """The first numbers of each vector, and how long it is."""
    with client(address, attempts) as api:
        answer = api.embeddings.create(model=MODEL, input=[f"{token} {text}" for text in TEXTS])
        return [[len(item.embedding), item.index] for item in answer.data]


def vectors(address, token, attempts):
    """The numbers themselves, of texts that are always the same."""
    with client(address, attempts) as api:
        answer = api.embeddings.create(model=MODEL, input=TEXTS, dimensions=4, encoding_format="float")
        return [item.embedding for item in answer.data]


def places(address, token, attempts):
    """Where the vectors of a first answer are in a second."""
    first, second = vectors(address, token, attempts), vectors(address, token, attempts)
    return [second.index(vector) for vector in first]


def raw(address, token, attempts):
    """What tells of a quota."""
    with client(address, attempts) as api:
        answer = api.embeddings.with_raw_response.create(model=MODEL, input="one")
        return {name: value for name, value in answer.headers.items() if name.startswith("x-ratelimit")}


def embed_often(address, token, attempts, times=66):
    """So many calls of one client, one after the other, with the patience that it has of itself."""
    with client(address, attempts, timeout=30.0) as api:
        for number in range(times):
            api.embeddings.create(model=MODEL, input=f"{token} {number}", dimensions=4)
    return times


def embed_twice(address, token, attempts):
    return embed_often(address, token, attempts, times=2)


def work(address, token, attempts):
    """Everything at once, for a comparison with a client that goes round the link."""
    seen = [vectors(address, token, attempts), embed(address, token, attempts)]
    with client(address, attempts) as api:
        seen.append(sorted(model.id for model in api.models.list()))
        try:
            api.embeddings.create(model="none", input="one")
        except openai.NotFoundError as error:
            seen.append(error.code)
    return seen


def code(error):
    if isinstance(error, openai.APIStatusError):
        return error.code or str(error.status_code)
    return ""


serve(
    {
        "embed": embed, "vectors": vectors, "places": places, "raw": raw, "embed-often": embed_often,
        "embed-twice": embed_twice, "work": work,
    },
    code,
    "openai",
)

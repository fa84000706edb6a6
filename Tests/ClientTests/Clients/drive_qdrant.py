"""qdrant-client as a helper: every operation has a client of its own."""

from lines import serve  # isort: first

import contextlib

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

COLLECTION = "client_cells"


def connected(address):
    host, port = address.rsplit(":", 1)
    return contextlib.closing(
        QdrantClient(host=host, port=int(port), https=False, timeout=1, check_compatibility=False))


def points(token):
    """One, whose id is the token."""
    return [models.PointStruct(id=token, vector=[1.0, 0.0, 0.0, 0.0], payload={"token": token})]


def upsert(address, token):
    with connected(address) as qdrant:
        return qdrant.upsert(COLLECTION, points(token), wait=True).status.value


def upload(address, token):
    """In batches, with the client's own retries."""
    with connected(address) as qdrant:
        qdrant.upload_points(COLLECTION, points(token), wait=True, max_retries=3)
        return "uploaded"


def upsert_twice(address, token):
    upsert(address, token)
    return upsert(address, token)


def upload_twice(address, token):
    upload(address, token)
    return upload(address, token)


def delete(address, token):
    """Of a point that has been upserted past the link."""
    with connected(address) as qdrant:
        return qdrant.delete(COLLECTION, [token], wait=True).status.value


def retrieve(address, token):
    with connected(address) as qdrant:
        return [point.payload["name"] for point in qdrant.retrieve(COLLECTION, [1])]


def query(address, token):
    with connected(address) as qdrant:
        answer = qdrant.query_points(COLLECTION, [0.0, 1.0, 0.0, 0.0], limit=1)
        return [point.payload["name"] for point in answer.points]


def work(address, token):
    """Everything at once, for a comparison with a client that goes round the link."""
    mine = models.Filter(must=[models.FieldCondition(key="token", match=models.MatchValue(value=token))])
    with connected(address) as qdrant:
        seen = [upsert(address, token), retrieve(address, token), query(address, token), upload(address, token)]
        seen.append(qdrant.count(COLLECTION, count_filter=mine).count)
        seen.append(len(qdrant.scroll(COLLECTION, scroll_filter=mine)[0]))
        seen.append(delete(address, token))
        seen.append(qdrant.count(COLLECTION, count_filter=mine).count)
        seen.append(qdrant.collection_exists("none"))
        try:
            qdrant.count("none")
        except UnexpectedResponse as error:
            seen.append(error.status_code)
    return seen


def prepare(address, token):
    with connected(address) as qdrant:
        if not qdrant.collection_exists(COLLECTION):
            distance = models.VectorParams(size=4, distance=models.Distance.COSINE)
            qdrant.create_collection(COLLECTION, vectors_config=distance)
        standing = models.PointStruct(id=1, vector=[0.0, 1.0, 0.0, 0.0], payload={"name": "standing"})
        qdrant.upsert(COLLECTION, [standing], wait=True)


def code(error):
    return str(error.status_code) if isinstance(error, UnexpectedResponse) else ""


serve(
    {
        "prepare": prepare, "upsert": upsert, "upload": upload, "upsert-twice": upsert_twice,
        "upload-twice": upload_twice, "delete": delete, "retrieve": retrieve,
        "query": query, "work": work,
    },
    code,
    "qdrant-client",
)

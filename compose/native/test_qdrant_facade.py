"""The official client drives the facade, over all that it answers and much that it refuses."""

import concurrent.futures
import http.client
import json
import os
import signal
import subprocess
import sys
import time
import uuid

import pytest
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

FACADE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qdrant_facade.py")
KEY = "6b1d9d9e-0000-4000-8000-000000000001"


class Facade:
    def __init__(self, data):
        self.data = str(data)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, FACADE, "--port", "0", "--data", self.data], stdout=subprocess.PIPE, text=True
        )
        first = self.process.stdout.readline()
        assert first.startswith("listening on "), first
        self.port = int(first.rpartition(":")[2])
        self.client = QdrantClient(url=f"http://127.0.0.1:{self.port}", timeout=20)

    def end(self, how=signal.SIGTERM):
        self.client.close()
        self.process.send_signal(how)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        return code

    def raw(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        data = json.dumps(body) if body is not None and not isinstance(body, (bytes, str)) else body
        connection.request(method, path, data, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text.decode()


@pytest.fixture(scope="module")
def facade(tmp_path_factory):
    server = Facade(tmp_path_factory.mktemp("qdrant"))
    yield server
    assert server.end() == 0


@pytest.fixture
def name(facade):
    name = f"t-{uuid.uuid4()}"
    facade.client.create_collection(name, vectors_config=models.VectorParams(size=4, distance=models.Distance.COSINE))
    yield name
    facade.client.delete_collection(name)


@pytest.fixture
def filled(facade, name):
    facade.client.upsert(name, [point(i) for i in range(9)], wait=True)
    facade.client.upsert(name, [models.PointStruct(id=KEY, vector=[1, 1, 2, 3.0], payload={"doc": "u"})], wait=True)
    return name


def point(i):
    payload = {"doc": f"d{i % 3}", "n": i, "tags": ["even"] if i % 2 == 0 else [], "gone": None}
    return models.PointStruct(id=i, vector=[float(i), 1, 2, 3], payload=payload)


def field(key, **test):
    return models.FieldCondition(key=key, **test)


def matching(facade, name, **clauses):
    records, _ = facade.client.scroll(name, scroll_filter=models.Filter(**clauses), limit=100)
    return [record.id for record in records]


def refusal(code, call, *words):
    with pytest.raises(UnexpectedResponse) as caught:
        call()
    assert caught.value.status_code == code, caught.value
    body = json.loads(caught.value.content)
    assert set(body) == {"status", "time"}
    for word in words:
        assert word in body["status"]["error"]


def test_collections(facade, name):
    client = facade.client
    assert client.collection_exists(name)
    assert not client.collection_exists("nowhere")
    assert name in [one.name for one in client.get_collections().collections]
    info = client.get_collection(name)
    assert info.status == models.CollectionStatus.GREEN
    assert info.points_count == 0
    assert info.config.params.vectors == models.VectorParams(size=4, distance=models.Distance.COSINE)
    assert client.delete_collection("nowhere") is False


def test_creating_twice_conflicts(facade, name):
    params = models.VectorParams(size=4, distance=models.Distance.COSINE)
    refusal(409, lambda: facade.client.create_collection(name, vectors_config=params), "already exists")


def test_unknown_collection(facade):
    client = facade.client
    refusal(404, lambda: client.count("nowhere"), "Collection `nowhere` doesn't exist!")
    refusal(404, lambda: client.get_collection("nowhere"), "doesn't exist")
    refusal(404, lambda: client.scroll("nowhere"), "doesn't exist")
    refusal(404, lambda: client.upsert("nowhere", [point(1)], wait=True), "doesn't exist")
    refusal(404, lambda: client.delete("nowhere", [1], wait=True), "doesn't exist")


def test_wrong_dimension(facade, filled):
    client = facade.client
    short = models.PointStruct(id=77, vector=[1.0, 2.0])
    refusal(400, lambda: client.upsert(filled, [point(70), short], wait=True), "expected dim: 4, got 2")
    refusal(400, lambda: client.query_points(filled, query=[1.0, 2.0]), "expected dim: 4, got 2")
    assert client.retrieve(filled, [70, 77]) == [], "a refused batch leaves nothing"


@pytest.mark.parametrize("bad", ["abc", -1, 1.5, True, None, 1 << 64, ""])
def test_bad_ids(facade, filled, bad):
    points = {"points": [{"id": bad, "vector": [1, 2, 3, 4]}]}
    status, body = facade.raw("PUT", f"/collections/{filled}/points?wait=true", points)
    assert status == 400
    assert "point ID" in body["status"]["error"] or bad is None
    status, _ = facade.raw("POST", f"/collections/{filled}/points", {"ids": [bad]})
    assert status == 400


def test_ids(facade, name):
    client = facade.client
    big = (1 << 64) - 1
    client.upsert(name, [models.PointStruct(id=one, vector=[1, 2, 3, 4.0]) for one in (0, big, KEY)], wait=True)
    assert [one.id for one in client.retrieve(name, [0, big, KEY])] == [0, big, KEY]
    assert client.retrieve(name, [KEY.replace("-", "")])[0].id == KEY, "one UUID, however it is spelt"


def test_upsert_replaces(facade, filled):
    client = facade.client
    client.upsert(filled, [models.PointStruct(id=1, vector=[0, 0, 0, 2.0], payload={"new": 1})], wait=True)
    (record,) = client.retrieve(filled, [1], with_vectors=True)
    assert record.payload == {"new": 1}
    assert record.vector == pytest.approx([0, 0, 0, 1.0]), "cosine vectors are stored at length one"
    assert client.count(filled).count == 10


def test_upsert_batch_form(facade, name):
    batch = models.Batch(ids=[1, KEY], vectors=[[1, 2, 3, 4.0], [4, 3, 2, 1.0]], payloads=[{"a": 1}, {}])
    facade.client.upsert(name, batch, wait=True)
    assert {one.id: one.payload for one in facade.client.retrieve(name, [1, KEY])} == {1: {"a": 1}, KEY: {}}


def test_wait(facade, name):
    client = facade.client
    assert client.upsert(name, [point(1)], wait=True).status == models.UpdateStatus.COMPLETED
    assert client.upsert(name, [point(2)], wait=False).status == models.UpdateStatus.ACKNOWLEDGED
    body = {"points": [{"id": 3, "vector": [1, 2, 3, 4]}]}
    assert facade.raw("PUT", f"/collections/{name}/points?wait=false", body)[0] == 202
    assert facade.raw("PUT", f"/collections/{name}/points", body)[0] == 202, "not waiting is the default"
    client.upsert(name, [point(4)], wait=True)
    assert client.count(name).count == 4, "a write that waits comes after those acknowledged before"


def test_filters(facade, filled):
    value, some = models.MatchValue, models.MatchAny
    d0 = field("doc", match=value(value="d0"))
    assert matching(facade, filled, must=[d0]) == [0, 3, 6]
    assert matching(facade, filled, must=[field("n", match=value(value=4))]) == [4]
    assert matching(facade, filled, must=[field("doc", match=some(any=["d0", "u"]))]) == [0, 3, 6, KEY]
    others = models.MatchExcept(**{"except": ["d0", "d1"]})
    assert matching(facade, filled, must=[field("doc", match=others)]) == [2, 5, 8, KEY]
    assert matching(facade, filled, must_not=[d0], must=[field("n", range=models.Range(gte=3, lt=6))]) == [4, 5]
    assert matching(facade, filled, should=[d0, field("n", range=models.Range(gt=7))]) == [0, 3, 6, 8]
    assert matching(facade, filled, must=[models.HasIdCondition(has_id=[1, 99, KEY])]) == [1, KEY]
    empty = models.IsEmptyCondition(is_empty=models.PayloadField(key="tags"))
    assert matching(facade, filled, must=[empty]) == [1, 3, 5, 7, KEY]
    null = models.IsNullCondition(is_null=models.PayloadField(key="gone"))
    assert matching(facade, filled, must=[null]) == list(range(9))
    nested = models.Filter(should=[d0, field("doc", match=value(value="d1"))])
    assert matching(facade, filled, must=[nested], must_not=[field("n", range=models.Range(lt=4))]) == [4, 6, 7]
    least = models.MinShould(conditions=[d0, field("n", range=models.Range(gte=5))], min_count=2)
    assert matching(facade, filled, min_should=least) == [6]
    assert facade.client.count(filled, count_filter=models.Filter(must=[d0])).count == 3


@pytest.mark.parametrize("bad", [{"must": [{"key": "a"}]}, {"must": [{"key": "a", "match": {}}]}, {"most": []}, [1]])
def test_bad_filters(facade, filled, bad):
    status, body = facade.raw("POST", f"/collections/{filled}/points/count", {"filter": bad})
    assert status == 400
    assert body["status"]["error"].startswith("Format error in JSON body")


def test_scroll_pages(facade, filled):
    seen, offset = [], None
    while True:
        page, offset = facade.client.scroll(filled, limit=4, offset=offset, with_vectors=True)
        assert all(len(record.vector) == 4 for record in page)
        seen.append([record.id for record in page])
        if offset is None:
            break
    assert seen == [[0, 1, 2, 3], [4, 5, 6, 7], [8, KEY]]
    page, _ = facade.client.scroll(filled, limit=1, with_payload=["n"])
    assert page[0].payload == {"n": 0} and page[0].vector is None
    page, _ = facade.client.scroll(filled, limit=1, with_payload=False)
    assert not page[0].payload
    status, _ = facade.raw("POST", f"/collections/{filled}/points/scroll", {"limit": 0})
    assert status == 422


def test_query(facade, filled):
    client = facade.client
    hits = client.query_points(filled, query=[1, 1, 2, 3.0], limit=2, with_payload=True).points
    assert {hit.id for hit in hits} == {1, KEY}
    assert hits[0].score == pytest.approx(1)
    d2 = models.Filter(must=[field("doc", match=models.MatchValue(value="d2"))])
    hits = client.query_points(filled, query=[9, 1, 2, 3.0], query_filter=d2, limit=9, with_vectors=True).points
    assert [hit.id for hit in hits] == [8, 5, 2]
    assert len(hits[0].vector) == 4
    by_point = client.query_points(filled, query=8, limit=3).points
    assert [hit.id for hit in by_point] == [7, 6, 5], "a point is not its own neighbour"
    close = client.query_points(filled, query=[8, 1, 2, 3.0], score_threshold=0.99).points
    assert close and all(hit.score >= 0.99 for hit in close)
    two = client.query_batch_points(filled, [models.QueryRequest(query=[1, 1, 2, 3.0], limit=1)] * 2)
    assert len(two) == 2 and len(two[0].points) == 1
    search = {"vector": [8, 1, 2, 3], "limit": 1, "with_payload": True}
    status, body = facade.raw("POST", f"/collections/{filled}/points/search", search)
    assert status == 200 and body["result"][0]["id"] == 8 and body["result"][0]["payload"]["n"] == 8
    refusal(404, lambda: client.query_points(filled, query=12345), "12345")


def test_delete(facade, filled):
    client = facade.client
    client.delete(filled, [0, KEY, 999], wait=True)
    assert client.count(filled).count == 8
    d1 = models.Filter(must=[field("doc", match=models.MatchValue(value="d1"))])
    client.delete(filled, models.FilterSelector(filter=d1), wait=True)
    assert matching(facade, filled) == [2, 3, 5, 6, 8]


def test_payload(facade, filled):
    client = facade.client
    client.set_payload(filled, {"colour": "red"}, points=[1], wait=True)
    assert client.retrieve(filled, [1])[0].payload["colour"] == "red"
    client.delete_payload(filled, ["doc", "gone"], points=[1], wait=True)
    assert client.retrieve(filled, [1])[0].payload == {"n": 1, "tags": [], "colour": "red"}
    client.overwrite_payload(filled, {"only": 1}, points=[1], wait=True)
    assert client.retrieve(filled, [1])[0].payload == {"only": 1}
    client.clear_payload(filled, points_selector=[1], wait=True)
    assert client.retrieve(filled, [1])[0].payload == {}
    refusal(404, lambda: client.set_payload(filled, {"a": 1}, points=[4321], wait=True), "No point with id 4321")


def test_batch_update(facade, filled):
    upsert = models.UpsertOperation(upsert=models.PointsList(points=[point(50)]))
    delete = models.DeleteOperation(delete=models.PointIdsList(points=[1]))
    results = facade.client.batch_update_points(filled, [upsert, delete], wait=True)
    assert [one.status for one in results] == [models.UpdateStatus.COMPLETED] * 2
    assert [one.id for one in facade.client.retrieve(filled, [1, 50])] == [50]


def test_payload_index(facade, filled):
    client = facade.client
    client.create_payload_index(filled, "doc", models.PayloadSchemaType.KEYWORD, wait=True)
    client.create_payload_index(filled, "n", models.IntegerIndexParams(type="integer"), wait=True)
    schema = client.get_collection(filled).payload_schema
    assert {key: one.data_type for key, one in schema.items()} == {"doc": "keyword", "n": "integer"}
    page, _ = client.scroll(filled, order_by=models.OrderBy(key="n", direction="desc"), limit=2)
    assert [one.id for one in page] == [8, 7]
    client.delete_payload_index(filled, "doc", wait=True)
    assert list(client.get_collection(filled).payload_schema) == ["n"]


def test_named_vectors(facade):
    client, name = facade.client, f"named-{uuid.uuid4()}"
    sizes = {"a": 2, "b": 3}
    params = {one: models.VectorParams(size=size, distance=models.Distance.DOT) for one, size in sizes.items()}
    client.create_collection(name, vectors_config=params)
    client.upsert(name, [models.PointStruct(id=1, vector={"a": [1, 2.0], "b": [1, 2, 3.0]})], wait=True)
    assert client.retrieve(name, [1], with_vectors=True)[0].vector == {"a": [1, 2], "b": [1, 2, 3]}
    assert client.query_points(name, query=[1, 0.0], using="a").points[0].score == pytest.approx(1)
    refusal(400, lambda: client.query_points(name, query=[1, 0.0], using="c"), "c")
    client.delete_collection(name)


def test_what_is_lacking_says_so(facade, filled):
    client = facade.client
    refusal(501, lambda: client.get_aliases(), "lacks", "/aliases")
    refusal(501, lambda: client.create_snapshot(filled, wait=True), "lacks", "snapshots")
    fused = models.FusionQuery(fusion=models.Fusion.RRF)
    prefetch = [models.Prefetch(query=[1, 2, 3, 4.0])]
    refusal(501, lambda: client.query_points(filled, prefetch=prefetch, query=fused), "lacks prefetch")
    sparse = {"text": models.SparseVectorParams()}
    refusal(501, lambda: client.create_collection("sparse", vectors_config={}, sparse_vectors_config=sparse), "sparse")


def test_health(facade):
    for path in ("/healthz", "/livez", "/readyz"):
        assert facade.raw("GET", path)[0] == 200
    assert facade.raw("GET", "/")[1]["version"] == facade.client.info().version


def test_bodies(facade, name):
    path = f"/collections/{name}/points/count"
    assert facade.raw("POST", path, b"{")[0] == 400
    assert facade.raw("POST", path, b"[]")[0] == 400
    assert facade.raw("PUT", f"/collections/{name}/points?wait=true")[0] == 400
    assert facade.raw("PUT", f"/collections/{name}/points", b"", {"Content-Length": str(1 << 40)})[0] == 413
    chunks = iter([b'{"exact"', b": true}"])
    connection = http.client.HTTPConnection("127.0.0.1", facade.port, timeout=20)
    for _ in range(2):
        connection.request("POST", path, chunks, {"Transfer-Encoding": "chunked"}, encode_chunked=True)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["result"]) == (200, {"count": 0})
        chunks = iter([b"{}"])
    connection.close()


def test_many_at_once(facade, name):
    def write(lane):
        client = QdrantClient(url=f"http://127.0.0.1:{facade.port}", timeout=30)
        for number in range(25):
            client.upsert(name, [point(lane * 100 + number)], wait=True)
            client.count(name)
        client.close()

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))
    assert facade.client.count(name).count == 400


def test_deleting_under_fire(facade):
    name = f"fire-{uuid.uuid4()}"
    params = models.VectorParams(size=4, distance=models.Distance.DOT)
    facade.client.create_collection(name, vectors_config=params)

    def write(lane):
        statuses = set()
        body = {"points": [{"id": lane, "vector": [1, 2, 3, 4]}]}
        while 404 not in statuses:
            statuses.add(facade.raw("PUT", f"/collections/{name}/points?wait=true", body)[0])
        return statuses

    with concurrent.futures.ThreadPoolExecutor(9) as pool:
        lanes = [pool.submit(write, lane) for lane in range(8)]
        pool.submit(facade.client.delete_collection, name)
        assert all(lane.result(timeout=30) <= {200, 404} for lane in lanes)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_data_outlives_the_process(tmp_path, how):
    server = Facade(tmp_path)
    params = models.VectorParams(size=4, distance=models.Distance.EUCLID)
    for name in ("kept", "dropped"):
        server.client.create_collection(name, vectors_config=params)
        server.client.upsert(name, [point(i) for i in range(20)], wait=True)
    server.client.create_payload_index("kept", "doc", models.PayloadSchemaType.KEYWORD, wait=True)
    server.client.delete("kept", [3], wait=True)
    server.client.delete_collection("dropped")
    os.makedirs(tmp_path / "half" / "shard")
    server.end(how)
    server.start()
    try:
        assert [one.name for one in server.client.get_collections().collections] == ["kept"]
        assert server.client.count("kept").count == 19
        assert server.client.get_collection("kept").config.params.vectors == params
        assert "doc" in server.client.get_collection("kept").payload_schema
        server.client.upsert("kept", [point(3)], wait=True)
        assert server.client.count("kept").count == 20
    finally:
        server.end()


def test_acknowledged_writes_are_applied_before_a_clean_end(tmp_path):
    server = Facade(tmp_path)
    params = models.VectorParams(size=4, distance=models.Distance.DOT)
    server.client.create_collection("c", vectors_config=params)
    for number in range(200):
        server.client.upsert("c", [point(number)], wait=False)
    assert server.end() == 0
    server.start()
    try:
        assert server.client.count("c").count == 200
    finally:
        server.end()


def test_speed(facade, name):
    began = time.perf_counter()
    for number in range(300):
        facade.client.upsert(name, [point(number)], wait=True)
    print(f"\n{300 / (time.perf_counter() - began):.0f} upserts a second over one connection")


def test_deleted_points_give_their_room_back(facade):
    name = f"t-{uuid.uuid4()}"
    facade.client.create_collection(
        name, vectors_config=models.VectorParams(size=1024, distance=models.Distance.COSINE)
    )
    kept = [models.PointStruct(id=i, vector=[float(i), *[1.0] * 1023], payload={}) for i in range(20)]
    facade.client.upsert(name, kept, wait=True)

    def size():
        paths = [os.path.join(folder, file) for folder, _, files in os.walk(facade.data) for file in files]
        return sum(os.stat(path).st_blocks * 512 for path in paths)

    peak = 0
    for round in range(260):
        points = [
            models.PointStruct(id=1000 + round * 40 + i, vector=[float(i), *[1.0] * 1023], payload={}) for i in range(40)
        ]
        facade.client.upsert(name, points, wait=True)
        facade.client.delete(name, models.PointIdsList(points=[one.id for one in points]), wait=True)
        peak = max(peak, size())
    assert size() < peak * 0.75
    assert [record.id for record in facade.client.scroll(name, limit=100)[0]] == list(range(20))
    facade.client.delete_collection(name)

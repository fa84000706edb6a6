"""The REST interface of a Qdrant server over the Qdrant engine, qdrant-edge.

Stands in for the official server, which no Python or Debian package carries. Where it answers, it answers as that server
does: paths, bodies, codes, identity of points, `wait`. What it cannot do it refuses with code 501 and says so.

It lacks: gRPC; sparse, multi- and quantized vectors; prefetch, fusion, recommendation, discovery and formula queries;
grouping, matrix search; aliases, snapshots, shards, cluster, locks and telemetry; api keys and TLS; strict mode;
optimisation (every search is exact, no HNSW graph is built). With `wait=false` a write is acknowledged when it is queued,
before it is on disk, so that a killed facade forgets what the official server would find in its log again.

    qdrant_facade.py --port 6333 --data FOLDER
"""

import argparse
import contextlib
import http.server
import json
import os
import queue
import re
import shutil
import signal
import sys
import threading
import time
import traceback
import urllib.parse
import uuid

import qdrant_edge as edge

VERSION = "1.20.0"
BODY_BYTES_MAX = 32 << 20
# Writes that may wait in a collection's queue; with more of them, writers wait.
QUEUED_MAX = 10_000
VACUUM_AFTER = 500  # operations
VACUUM_POINTS_MAX = 2000


class Refusal(Exception):
    """An answer other than success, in the words of the official server."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


def lacking(what):
    return Refusal(501, f"Not implemented: this stand-in for Qdrant lacks {what}")


def malformed(what):
    return Refusal(400, f"Format error in JSON body: {what}")


def invalid(field, what):
    return Refusal(422, f"Validation error in JSON body: [{field}: {what}]")


def unknown_collection(name):
    return Refusal(404, f"Not found: Collection `{name}` doesn't exist!")


def engine_refusal(error):
    """What the engine says, with the code that the server gives it."""
    text = str(error)
    if "No point with id" in text:
        return Refusal(404, f"Not found: {text}" + ("" if text.endswith("found") else " found"))
    return Refusal(400, f"Wrong input: {text}")


# Reading requests


def need(body, field, kind=None):
    if not isinstance(body, dict):
        raise malformed("invalid type: expected an object")
    if field not in body or body[field] is None:
        raise malformed(f"missing field `{field}`")
    if kind is not None and not isinstance(body[field], kind):
        raise malformed(f"invalid type of `{field}`: expected {kind.__name__}")
    return body[field]


def whole(body, field, default, least):
    value = body.get(field)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise malformed(f"invalid type of `{field}`: expected an unsigned integer")
    if value < least:
        raise invalid(field, f"value {value} invalid, must be {least} or larger")
    return value


def point_id(value):
    """An unsigned integer of 64 bits, or a UUID in any of its spellings."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 64:
        return value
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return uuid.UUID(value)
    raise malformed(
        f"value {json.dumps(value)} is not a valid point ID, valid values are either an unsigned integer or a UUID"
    )


def point_ids(values):
    if not isinstance(values, list):
        raise malformed("invalid type of point ids: expected a list")
    return [point_id(value) for value in values]


def as_floats(values):
    if not isinstance(values, list) or not values:
        raise malformed("data did not match any variant of a vector: expected a list of numbers")
    if isinstance(values[0], list):
        raise lacking("multi-vectors")
    if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in values):
        raise malformed("data did not match any variant of a vector: expected a list of numbers")
    return [float(value) for value in values]


def condition(spec):
    if not isinstance(spec, dict):
        raise malformed("a condition is an object")
    if any(clause in spec for clause in ("must", "should", "must_not", "min_should")) or not spec:
        return filter_of(spec)
    if "has_id" in spec:
        return edge.HasIdCondition(set(point_ids(spec["has_id"])))
    if "has_vector" in spec:
        return edge.HasVectorCondition(spec["has_vector"])
    if "is_empty" in spec:
        return edge.IsEmptyCondition(need(spec["is_empty"], "key", str))
    if "is_null" in spec:
        return edge.IsNullCondition(need(spec["is_null"], "key", str))
    if "nested" in spec:
        nested = need(spec, "nested", dict)
        return edge.NestedCondition(need(nested, "key", str), filter_of(need(nested, "filter", dict)))
    key = need(spec, "key", str)
    if spec.get("match") is not None:
        return edge.FieldCondition(key=key, match=match(need(spec, "match", dict)))
    if spec.get("range") is not None:
        return edge.FieldCondition(key=key, range=range_of(need(spec, "range", dict)))
    if spec.get("values_count") is not None:
        return edge.FieldCondition(key=key, values_count=edge.ValuesCount(**bounds(spec["values_count"])))
    if spec.get("is_empty") is not None or spec.get("is_null") is not None:
        return edge.FieldCondition(key=key, is_empty=spec.get("is_empty"), is_null=spec.get("is_null"))
    if any(spec.get(kind) is not None for kind in ("geo_bounding_box", "geo_radius", "geo_polygon")):
        raise lacking("conditions on places")
    raise malformed(f"the condition on `{key}` names no test")


def match(spec):
    for name, make in (
        ("value", edge.MatchValue),
        ("any", edge.MatchAny),
        ("except", edge.MatchExcept),
        ("text", edge.MatchText),
        ("text_any", edge.MatchTextAny),
        ("phrase", edge.MatchPhrase),
    ):
        if name in spec:
            try:
                return make(spec[name])
            except (TypeError, ValueError) as error:
                raise malformed(f"data did not match any variant of `{name}`") from error
    raise malformed("data did not match any variant of untagged enum Match")


def bounds(spec):
    if not isinstance(spec, dict) or set(spec) - {"lt", "gt", "lte", "gte"}:
        raise malformed("a range has the bounds lt, gt, lte, gte")
    return {name: value for name, value in spec.items() if value is not None}


def range_of(spec):
    limits = bounds(spec)
    kind = edge.RangeDateTime if any(isinstance(value, str) for value in limits.values()) else edge.RangeFloat
    try:
        return kind(**limits)
    except (TypeError, ValueError) as error:
        raise malformed(f"invalid range: {error}") from error


def filter_of(spec):
    if spec is None:
        return None
    if not isinstance(spec, dict):
        raise malformed("a filter is an object")
    stray = set(spec) - {"must", "should", "must_not", "min_should"}
    if stray:
        raise malformed(f"unknown field `{sorted(stray)[0]}` in a filter")

    def clause(name):
        conditions = spec.get(name)
        if conditions is None:
            return None
        return [condition(one) for one in (conditions if isinstance(conditions, list) else [conditions])]

    least = None
    if spec.get("min_should") is not None:
        wanted = need(spec, "min_should", dict)
        least = edge.MinShould(
            [condition(one) for one in need(wanted, "conditions", list)], need(wanted, "min_count", int)
        )
    return edge.Filter(must=clause("must"), should=clause("should"), must_not=clause("must_not"), min_should=least)


def payload_selector(spec, default):
    if spec is None:
        return default
    if isinstance(spec, (bool, list)):
        return edge.PayloadSelector.Include(spec) if isinstance(spec, list) else spec
    if isinstance(spec, dict) and isinstance(spec.get("include"), list):
        return edge.PayloadSelector.Include(spec["include"])
    if isinstance(spec, dict) and isinstance(spec.get("exclude"), list):
        return edge.PayloadSelector.Exclude(spec["exclude"])
    raise malformed("data did not match any variant of untagged enum WithPayloadInterface")


def vector_selector(spec):
    if spec is None:
        return False
    if isinstance(spec, (bool, list)):
        return spec
    raise malformed("data did not match any variant of untagged enum WithVector")


# Writing answers


def shown_id(value):
    return value if isinstance(value, int) else str(value)


def shown_vector(vector):
    if isinstance(vector, dict):
        return vector[""] if set(vector) == {""} else vector
    return vector


def shown_record(record):
    point = {"id": shown_id(record.id), "payload": record.payload}
    if record.vector is not None:
        point["vector"] = shown_vector(record.vector)
    if record.order_value is not None:
        point["order_value"] = record.order_value
    return point


def shown_hit(hit):
    point = {"id": shown_id(hit.id), "version": hit.version, "score": hit.score}
    if hit.payload is not None:
        point["payload"] = hit.payload
    if hit.vector is not None:
        point["vector"] = shown_vector(hit.vector)
    return point


class Collection:
    """One collection: a shard of the engine, one lock around it, and a queue through which all its writes go in order."""

    def __init__(self, name, folder, config, fresh):
        self.name = name
        self.folder = folder
        self.config = config
        vectors = config["vectors"]
        self.is_named = "size" not in vectors
        self.vectors = vectors if self.is_named else {"": vectors}
        self.lock = threading.Lock()
        self.operations = 0
        self.applied = 0
        self.closed = False
        self.writes = queue.Queue(QUEUED_MAX)
        shard = os.path.join(folder, "shard")
        if fresh:
            os.makedirs(shard)
            self.shard = edge.EdgeShard.create(shard, self.engine_config())
        else:
            self.shard = edge.EdgeShard.load(shard)
        self.writer = threading.Thread(target=self.write_on, name=f"writer of {name}", daemon=True)
        self.writer.start()

    def engine_config(self):
        return edge.EdgeConfig(
            vectors={
                name: edge.EdgeVectorParams(size=params["size"], distance=getattr(edge.Distance, params["distance"]))
                for name, params in self.vectors.items()
            }
        )

    # Writes

    def write_on(self):
        while True:
            operations, number, done = self.writes.get()
            if operations is None:
                return
            try:
                with self.lock:
                    if self.closed:
                        raise unknown_collection(self.name)
                    for operation in operations:
                        self.shard.update(operation)
                    self.applied += len(operations)
                    self.vacuum()
                outcome = None
            except Refusal as refusal:
                outcome = refusal
            except Exception as error:  # the engine has no narrower class
                outcome = engine_refusal(error)
            if done is not None:
                done.put(outcome)
            elif outcome is not None:
                print(f"operation {number} on {self.name} failed: {outcome.message}", flush=True)

    def vacuum(self):
        """Gives back what deleted points take, which the engine does only when told: a stack that is up for weeks would grow
        without end. Only while few points are left, since it stops everything else for as long as it copies them."""
        if self.applied < VACUUM_AFTER or not self.writes.empty():
            return
        if self.shard.info().points_count <= VACUUM_POINTS_MAX:
            self.shard.optimize()
            self.shard.flush()
            self.applied = 0

    def submit(self, operations, wait):
        """Queues the write; with `wait` returns when it is applied, else at once."""
        done = queue.SimpleQueue() if wait else None
        with self.lock:
            if self.closed:
                raise unknown_collection(self.name)
            self.operations += 1
            number = self.operations
        self.writes.put((operations, number, done))
        if not wait:
            return 202, {"operation_id": number, "status": "acknowledged"}
        outcome = done.get()
        if outcome is not None:
            raise outcome
        return 200, {"operation_id": number, "status": "completed"}

    def read(self, ask):
        with self.lock:
            if self.closed:
                raise unknown_collection(self.name)
            try:
                return ask(self.shard)
            except Exception as error:  # the engine has no narrower class
                raise engine_refusal(error) from error

    def close(self, drain):
        """Stops the writer. With `drain`, what is queued is applied before."""
        if not drain:
            with self.lock:
                self.closed = True
        self.writes.put((None, 0, None))
        self.writer.join()
        with self.lock:
            self.closed = True
            self.shard.close()
        # Whoever queued a write behind the end is told, not left waiting.
        with contextlib.suppress(queue.Empty):
            while True:
                _, _, done = self.writes.get_nowait()
                if done is not None:
                    done.put(unknown_collection(self.name))

    # Points

    def checked_vector(self, value):
        """A point's vector as the engine takes it: a list, or one list by name."""
        if isinstance(value, dict):
            if not value:
                return {}
            return {name: self.sized(name, vector) for name, vector in value.items()}
        return self.sized("", value)

    def sized(self, name, vector):
        if isinstance(vector, dict):
            raise lacking("sparse vectors and inference")
        vector = as_floats(vector)
        if name not in self.vectors:
            raise Refusal(400, f"Wrong input: Not existing vector name error: {name}")
        size = self.vectors[name]["size"]
        if len(vector) != size:
            raise Refusal(400, f"Wrong input: Vector dimension error: expected dim: {size}, got {len(vector)}")
        return vector

    def point(self, spec):
        payload = spec.get("payload") if isinstance(spec, dict) else None
        if payload is not None and not isinstance(payload, dict):
            raise malformed("invalid type of `payload`: expected an object")
        return edge.Point(
            point_id(need(spec, "id")), self.checked_vector(need(spec, "vector")), {} if payload is None else payload
        )

    def points_of(self, body):
        if isinstance(body, dict) and body.get("batch") is not None:
            batch = need(body, "batch", dict)
            ids, vectors = need(batch, "ids", list), need(batch, "vectors")
            if isinstance(vectors, dict):
                vectors = [dict(zip(vectors, row)) for row in zip(*vectors.values())]
            payloads = batch.get("payloads") or [None] * len(ids)
            if not len(ids) == len(vectors) == len(payloads):
                raise Refusal(
                    400,
                    f"Wrong input: number of ids ({len(ids)}), vectors ({len(vectors)}) and payloads "
                    f"({len(payloads)}) must be equal",
                )
            rows = zip(ids, vectors, payloads)
            return [self.point({"id": one, "vector": vector, "payload": data}) for one, vector, data in rows]
        return [self.point(spec) for spec in need(body, "points", list)]

    def upsert(self, body):
        if body.get("update_filter") is not None:
            return edge.UpdateOperation.upsert_points(self.points_of(body), filter_of(body["update_filter"]))
        return edge.UpdateOperation.upsert_points(self.points_of(body))

    def delete(self, body):
        if isinstance(body, list):
            body = {"points": body}
        return self.selected(
            body, edge.UpdateOperation.delete_points, edge.UpdateOperation.delete_points_by_filter
        )

    def set_payload(self, body):
        payload, key = need(body, "payload", dict), body.get("key")
        return self.selected(
            body,
            lambda ids: edge.UpdateOperation.set_payload(ids, payload, key),
            lambda chosen: edge.UpdateOperation.set_payload_by_filter(chosen, payload, key),
        )

    def overwrite_payload(self, body):
        payload, key = need(body, "payload", dict), body.get("key")
        return self.selected(
            body,
            lambda ids: edge.UpdateOperation.overwrite_payload(ids, payload, key),
            lambda chosen: edge.UpdateOperation.overwrite_payload_by_filter(chosen, payload, key),
        )

    def delete_payload(self, body):
        keys = need(body, "keys", list)
        return self.selected(
            body,
            lambda ids: edge.UpdateOperation.delete_payload(ids, keys),
            lambda chosen: edge.UpdateOperation.delete_payload_by_filter(chosen, keys),
        )

    def clear_payload(self, body):
        return self.selected(body, edge.UpdateOperation.clear_payload, edge.UpdateOperation.clear_payload_by_filter)

    def update_vectors(self, body):
        return edge.UpdateOperation.update_vectors(
            [
                edge.PointVectors(point_id(need(one, "id")), self.checked_vector(need(one, "vector")))
                for one in need(body, "points", list)
            ]
        )

    @staticmethod
    def selected(body, by_ids, by_filter):
        """Points are chosen by a list of ids or by a filter."""
        if not isinstance(body, dict):
            raise malformed("invalid type: expected an object")
        if body.get("points") is not None:
            return by_ids(point_ids(body["points"]))
        if body.get("filter") is not None:
            return by_filter(filter_of(body["filter"]))
        raise malformed("data did not match any variant of untagged enum PointsSelector")

    def batch(self, body):
        """Several writes in one request, in order."""
        names = {
            "upsert": self.upsert,
            "delete": self.delete,
            "set_payload": self.set_payload,
            "overwrite_payload": self.overwrite_payload,
            "delete_payload": self.delete_payload,
            "clear_payload": self.clear_payload,
            "update_vectors": self.update_vectors,
        }
        made = []
        for one in need(body, "operations", list):
            if not isinstance(one, dict) or len(one) != 1:
                raise malformed("an update operation has one name")
            ((name, spec),) = one.items()
            if name not in names:
                raise lacking(f"the update operation `{name}`")
            made.append(names[name](spec))
        return made

    # Questions

    def count(self, body):
        exact, chosen = body.get("exact", True), filter_of(body.get("filter"))
        return {"count": self.read(lambda shard: shard.count(edge.CountRequest(exact=bool(exact), filter=chosen)))}

    def retrieve(self, ids, payload, vector):
        return [shown_record(one) for one in self.read(lambda shard: shard.retrieve(ids, payload, vector))]

    def scroll(self, body):
        order = body.get("order_by")
        if isinstance(order, str):
            order = {"key": order}
        request = edge.ScrollRequest(
            offset=None if body.get("offset") is None else point_id(body["offset"]),
            limit=whole(body, "limit", 10, 1),
            filter=filter_of(body.get("filter")),
            with_payload=payload_selector(body.get("with_payload"), True),
            with_vector=vector_selector(body.get("with_vector")),
            order_by=None if order is None else self.order(order),
        )
        records, following = self.read(lambda shard: shard.scroll(request))
        return {
            "points": [shown_record(one) for one in records],
            "next_page_offset": None if following is None or order is not None else shown_id(following),
        }

    @staticmethod
    def order(spec):
        directions = {None: edge.Direction.Asc, "asc": edge.Direction.Asc, "desc": edge.Direction.Desc}
        if spec.get("direction") not in directions:
            raise malformed("unknown direction, expected `asc` or `desc`")
        return edge.OrderBy(need(spec, "key", str), directions[spec.get("direction")], spec.get("start_from"))

    def query(self, body):
        """`points/query`: nearest to a vector or to a point; with no query, the first points by id."""
        if body.get("prefetch"):
            raise lacking("prefetch and fusion")
        wanted = body.get("query")
        if isinstance(wanted, dict):
            if "nearest" not in wanted:
                raise lacking("the query `" + next(iter(wanted), "") + "`")
            if wanted.get("mmr") is not None:
                raise lacking("the query `mmr`")
            wanted = wanted["nearest"]
        if body.get("lookup_from") is not None:
            raise lacking("lookups in other collections")
        if wanted is None:
            page = self.scroll({**body, "offset": None, "with_payload": body.get("with_payload", False)})
            return [{"version": 0, "score": 0.0, **point} for point in page["points"]]
        return self.nearest(wanted, body, body.get("using") or "", body.get("filter"))

    def search(self, body):
        """`points/search`, the older form: a vector, or one with its name."""
        wanted, name = need(body, "vector"), ""
        if isinstance(wanted, dict) and "name" in wanted:
            name, wanted = wanted["name"], need(wanted, "vector")
        need(body, "limit", int)
        return self.nearest(wanted, body, name, body.get("filter"))

    def nearest(self, wanted, body, name, chosen):
        if not isinstance(wanted, list):
            origin = point_id(wanted)
            found = self.read(lambda shard: shard.retrieve([origin], False, True))
            if not found:
                raise Refusal(404, f"Not found: No point with id {shown_id(origin)} found")
            vector = found[0].vector
            wanted = vector[name] if isinstance(vector, dict) else vector
            apart = {"must_not": [{"has_id": [shown_id(origin)]}]}
            chosen = {"must": [chosen, apart]} if chosen else apart
        request = edge.QueryRequest(
            limit=whole(body, "limit", 10, 1),
            offset=whole(body, "offset", 0, 0),
            query=edge.Query.Nearest(self.sized(name, wanted), name or None),
            filter=filter_of(chosen),
            with_payload=payload_selector(body.get("with_payload"), False),
            with_vector=vector_selector(body.get("with_vector")),
            score_threshold=body.get("score_threshold"),
        )
        return [shown_hit(one) for one in self.read(lambda shard: shard.query(request))]

    def facet(self, body):
        request = edge.FacetRequest(
            need(body, "key", str), whole(body, "limit", 10, 1), bool(body.get("exact")), filter_of(body.get("filter"))
        )
        hits = self.read(lambda shard: shard.facet(request)).hits
        return {"hits": [{"value": hit.value, "count": hit.count} for hit in hits]}

    def info(self):
        found = self.read(lambda shard: shard.info())
        schema = {
            name: {"data_type": str(index.data_type).rpartition(".")[2].lower(), "points": index.points}
            for name, index in found.payload_schema.items()
        }
        params = {"shard_number": 1, "replication_factor": 1, "write_consistency_factor": 1, "on_disk_payload": True}
        return {
            "status": "green",
            "optimizer_status": "ok",
            "indexed_vectors_count": found.indexed_vectors_count,
            "points_count": found.points_count,
            "segments_count": found.segments_count,
            "config": {
                "params": {"vectors": self.config["vectors"], **params},
                "hnsw_config": {
                    "m": 16,
                    "ef_construct": 100,
                    "full_scan_threshold": 10000,
                    "max_indexing_threads": 0,
                    "on_disk": False,
                },
                "optimizer_config": {
                    "deleted_threshold": 0.2,
                    "vacuum_min_vector_number": 1000,
                    "default_segment_number": 0,
                    "flush_interval_sec": 5,
                },
                "wal_config": {"wal_capacity_mb": 32, "wal_segments_ahead": 0},
                "quantization_config": None,
            },
            "payload_schema": schema,
        }

    INDEXES = {
        "keyword": edge.PayloadSchemaType.Keyword,
        "integer": edge.PayloadSchemaType.Integer,
        "float": edge.PayloadSchemaType.Float,
        "bool": edge.PayloadSchemaType.Bool,
        "geo": edge.PayloadSchemaType.Geo,
        "text": edge.PayloadSchemaType.Text,
        "datetime": edge.PayloadSchemaType.Datetime,
        "uuid": edge.PayloadSchemaType.Uuid,
    }

    def create_index(self, body):
        field, schema = need(body, "field_name", str), body.get("field_schema") or body.get("field_type")
        if isinstance(schema, dict):
            schema = schema.get("type")
        if schema not in self.INDEXES:
            raise malformed("data did not match any variant of untagged enum PayloadFieldSchema")
        return edge.UpdateOperation.create_field_index(field, self.INDEXES[schema])


class Collections:
    """All collections, each in a folder that counts only once its `collection.json` is there."""

    CONFIG = "collection.json"

    def __init__(self, root):
        self.root = root
        self.lock = threading.Lock()
        self.all = {}
        os.makedirs(root, exist_ok=True)
        for entry in sorted(os.listdir(root)):
            folder = os.path.join(root, entry)
            try:
                with open(os.path.join(folder, self.CONFIG), encoding="utf-8") as file:
                    config = json.load(file)
            except FileNotFoundError:
                # Its creation or deletion was cut short.
                shutil.rmtree(folder, ignore_errors=True)
                continue
            name = urllib.parse.unquote(entry)
            self.all[name] = Collection(name, folder, config, fresh=False)

    def __getitem__(self, name):
        try:
            return self.all[name]
        except KeyError:
            raise unknown_collection(name) from None

    def names(self):
        return {"collections": [{"name": name} for name in sorted(self.all)]}

    def create(self, name, body):
        if not 0 < len(name) <= 255 or re.search(r'[<>:"/\\|?*\0\x1f]', name) or name in (".", ".."):
            raise Refusal(422, f"Validation error in path parameters: [collection_name: {name!r} is not a valid name]")
        body = body or {}
        if body.get("sparse_vectors"):
            raise lacking("sparse vectors")
        if body.get("quantization_config"):
            raise lacking("quantization")
        vectors = body.get("vectors") or {}
        named = "size" not in vectors
        for params in vectors.values() if named else [vectors]:
            self.check_vector_params(params)
        with self.lock:
            if name in self.all:
                raise Refusal(409, f"Wrong input: Collection `{name}` already exists!")
            folder = os.path.join(self.root, urllib.parse.quote(name, safe=""))
            shutil.rmtree(folder, ignore_errors=True)
            config = {"vectors": vectors}
            collection = Collection(name, folder, config, fresh=True)
            draft = os.path.join(folder, "draft.json")
            with open(draft, "w", encoding="utf-8") as file:
                json.dump(config, file)
            os.replace(draft, os.path.join(folder, self.CONFIG))
            self.all[name] = collection
        return True

    @staticmethod
    def check_vector_params(params):
        if whole(params, "size", None, 1) is None:
            raise malformed("missing field `size`")
        if params.get("distance") not in ("Cosine", "Euclid", "Dot", "Manhattan"):
            raise malformed(
                f"unknown variant `{params.get('distance')}`, expected one of `Cosine`, `Euclid`, `Dot`, `Manhattan`"
            )
        if params.get("multivector_config"):
            raise lacking("multi-vectors")
        if params.get("quantization_config"):
            raise lacking("quantization")

    def delete(self, name):
        with self.lock:
            collection = self.all.pop(name, None)
            if collection is None:
                return False
            collection.close(drain=False)
            os.remove(os.path.join(collection.folder, self.CONFIG))
            shutil.rmtree(collection.folder, ignore_errors=True)
        return True

    def close(self):
        with self.lock:
            for collection in self.all.values():
                collection.close(drain=True)
            self.all = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # One write a response, sent at once.
    disable_nagle_algorithm = True
    wbufsize = -1
    collections = None

    def log_message(self, *_):
        pass

    def answer(self):
        began = time.perf_counter()
        plain = None
        try:
            body = self.body()
            status, result, plain = self.route(body)
            content = {"result": result, "status": "ok"}
        except Refusal as refusal:
            status, content = refusal.status, {"status": {"error": refusal.message}}
        except (ConnectionError, TimeoutError):
            self.close_connection = True
            return
        except Exception as error:  # a bug of the facade is answered like one, and logged
            traceback.print_exc()
            status, content = 500, {"status": {"error": f"Service internal error: {error!r}"}}
        if plain is None:
            content["time"] = time.perf_counter() - began
            kind, data = "application/json", json.dumps(content, separators=(",", ":")).encode()
        elif isinstance(plain, str):
            kind, data = "text/plain; charset=utf-8", plain.encode()
        else:
            kind, data = "application/json", json.dumps(plain).encode()
        try:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            self.wfile.flush()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = answer

    def body(self):
        raw = self.chunks() if "chunked" in (self.headers.get("transfer-encoding") or "") else self.measured()
        if not raw:
            return None
        try:
            return json.loads(raw)
        except ValueError as error:
            raise malformed(str(error)) from error

    def measured(self):
        try:
            length = int(self.headers.get("content-length") or 0)
        except ValueError:
            length = -1
        if length < 0:
            self.close_connection = True
            raise Refusal(400, "Wrong input: bad content-length")
        self.limit(length)
        raw = self.rfile.read(length)
        if len(raw) < length:
            raise ConnectionError("the request was cut short")
        return raw

    def chunks(self):
        raw = b""
        while True:
            try:
                length = int(self.rfile.readline(64).split(b";")[0], 16)
            except ValueError:
                raise ConnectionError("the request was cut short") from None
            self.limit(len(raw) + length)
            part = self.rfile.read(length)
            if len(part) < length:
                raise ConnectionError("the request was cut short")
            raw += part
            if self.rfile.readline(1024).strip() == b"" and length == 0:
                return raw

    def limit(self, length):
        if length > BODY_BYTES_MAX:
            # What follows of the body is not read, so the connection cannot go on.
            self.close_connection = True
            raise Refusal(413, f"Payload reached size limit of {BODY_BYTES_MAX} bytes")

    def route(self, body):
        """Status, result, and what replaces the usual envelope, if anything."""
        path, _, question = self.path.partition("?")
        parts = [urllib.parse.unquote(part) for part in path.split("/") if part]
        parameters = dict(urllib.parse.parse_qsl(question))
        if self.command == "GET":
            if not parts:
                return 200, None, {"title": "qdrant - vector search engine", "version": VERSION, "commit": None}
            if parts in (["healthz"], ["livez"], ["readyz"]):
                return 200, None, f"{parts[0]} check passed" if parts != ["readyz"] else "all shards are ready"
            if parts == ["collections"]:
                return 200, self.collections.names(), None
        if parts[:1] != ["collections"] or len(parts) < 2:
            raise self.lacking_path(path)
        name, rest = parts[1], parts[2:]
        if not rest:
            return 200, self.on_collection(name, body, path), None
        if (self.command, rest) == ("GET", ["exists"]):
            return 200, {"exists": name in self.collections.all}, None
        wait = parameters.get("wait", "false").lower() == "true"
        write = self.WRITES.get((self.command, *rest))
        if write is not None:
            return *self.write(name, write, body, wait), None
        if (self.command, rest) == ("POST", ["points", "batch"]):
            collection = self.collections[name]
            made = collection.batch(body)
            status, _ = collection.submit(made, wait)
            kind = "completed" if wait else "acknowledged"
            return status, [{"operation_id": collection.operations, "status": kind} for _ in made], None
        if self.command == "DELETE" and len(rest) == 2 and rest[0] == "index":
            collection = self.collections[name]
            return *collection.submit([edge.UpdateOperation.delete_field_index(rest[1])], wait), None
        return 200, self.ask(self.collections[name], rest, {} if body is None else body, path), None

    def lacking_path(self, path):
        return lacking(f"{self.command} {path}")

    def on_collection(self, name, body, path):
        if self.command == "PUT":
            return self.collections.create(name, body)
        if self.command == "DELETE":
            return self.collections.delete(name)
        if self.command == "GET":
            return self.collections[name].info()
        self.collections[name]
        raise self.lacking_path(path)

    WRITES = {
        ("PUT", "points"): "upsert",
        ("POST", "points", "delete"): "delete",
        ("POST", "points", "payload"): "set_payload",
        ("PUT", "points", "payload"): "overwrite_payload",
        ("POST", "points", "payload", "delete"): "delete_payload",
        ("POST", "points", "payload", "clear"): "clear_payload",
        ("PUT", "points", "vectors"): "update_vectors",
        ("PUT", "index"): "create_index",
    }

    def write(self, name, method, body, wait):
        collection = self.collections[name]
        if body is None:
            raise malformed("EOF while parsing a value at line 1 column 0")
        try:
            operation = getattr(collection, method)(body)
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            raise malformed(str(error)) from error
        return collection.submit([operation], wait)

    def ask(self, collection, rest, body, path):
        if not isinstance(body, dict):
            raise malformed("invalid type: expected an object")
        if self.command == "POST" and rest == ["points"]:
            payload = payload_selector(body.get("with_payload"), True)
            return collection.retrieve(need_ids(body), payload, vector_selector(body.get("with_vector")))
        if self.command == "GET" and len(rest) == 2 and rest[0] == "points":
            wanted = int(rest[1]) if rest[1].isdigit() else rest[1]
            found = collection.retrieve([point_id(wanted)], True, True)
            if not found:
                raise Refusal(404, f"Not found: Point with id {rest[1]} does not exists!")
            return found[0]
        questions = {
            ("points", "count"): collection.count,
            ("points", "scroll"): collection.scroll,
            ("points", "search"): collection.search,
            ("facet",): collection.facet,
            ("points", "query"): lambda one: {"points": collection.query(one)},
            ("points", "query", "batch"): lambda all: [
                {"points": collection.query(one)} for one in need(all, "searches", list)
            ],
            ("points", "search", "batch"): lambda all: [collection.search(one) for one in need(all, "searches", list)],
        }
        question = questions.get(tuple(rest)) if self.command == "POST" else None
        if question is None:
            raise self.lacking_path(path)
        return question(body)


def need_ids(body):
    return point_ids(need(body, "ids", list))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=6333, help="loopback port; 0 chooses one")
    parser.add_argument("--data", required=True, help="folder of the collections")
    options = parser.parse_args()
    # Listens before it loads, so that a taken port is found at once.
    server = Server(("127.0.0.1", options.port), Handler)
    Handler.collections = Collections(options.data)

    def end(*_):
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever(poll_interval=0.05)
    Handler.collections.close()
    # Threads of open connections have nothing left to finish.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

"""neo4j's driver as a helper: every operation has a driver of its own, with the retries that it has of itself."""

from lines import serve  # isort: first

import contextlib

import neo4j
from neo4j.exceptions import Neo4jError

CREATE = "CREATE (c:ClientCell {token: $token}) RETURN c.token AS token"


@contextlib.contextmanager
def session(address, user, password, scheme="bolt"):
    driver = neo4j.GraphDatabase.driver(f"{scheme}://{address}", auth=(user, password))
    with contextlib.closing(driver), contextlib.closing(driver.session()) as opened:
        yield opened


def managed(opened, do):
    """By the name that the version has for it."""
    perform = getattr(opened, "execute_write", None) or opened.write_transaction
    return perform(do)


def create(runner, token):
    return len(list(runner.run(CREATE, token=token)))


def write(address, token, user, password):
    """A node, in a transaction that the server makes of one query."""
    with session(address, user, password) as opened:
        return create(opened, token)


def read(address, token, user, password):
    with session(address, user, password) as opened:
        return [record["n"] for record in opened.run("UNWIND range(1, 1000) AS n RETURN n")][-1]


def transaction(address, token, user, password):
    """A node, between BEGIN and COMMIT."""
    with session(address, user, password) as opened:
        with opened.begin_transaction() as begun:
            create(begun, token)
            begun.commit()
        return "committed"


def failed_transaction(address, token, user, password):
    """What the client may do in the transaction after its query failed, then that the session is of use again."""
    with session(address, user, password) as opened:
        with opened.begin_transaction() as begun:
            try:
                create(begun, token)
                return "written"
            except Neo4jError as error:
                seen = [error.code]
            try:
                begun.run("RETURN 1").consume()
                seen.append("run")
            except Exception as error:
                seen.append(type(error).__name__)
        return seen + [opened.run("RETURN 1 AS n").single()["n"]]


def execute_write(address, token, user, password, scheme="bolt"):
    """A node, in a transaction that the driver tries again by itself; how often it called for that."""
    calls = []

    def do(begun):
        calls.append(None)
        create(begun, token)

    with session(address, user, password, scheme) as opened:
        managed(opened, do)
    return len(calls)


def routed(address, token, user, password):
    """The same by way of a routing table."""
    return execute_write(address, token, user, password, scheme="neo4j")


def work(address, token, user, password):
    """Everything at once, for a comparison with a driver that goes round the link."""
    told = (address, token, user, password)
    seen = [step(*told) for step in (write, read, transaction, execute_write, routed)]
    with session(address, user, password, "neo4j") as opened:
        found = opened.run("MATCH (c:ClientCell {token: $token}) RETURN count(c) AS n", token=token)
        seen.append(found.single()["n"])
        text = opened.run("RETURN $text AS text, [1, 2.5, null, {a: [true]}] AS list", text="x" * 100_000).single()
        seen += [len(text["text"]), text["list"]]
        # What is left of a large answer is thrown away.
        seen.append(next(iter(opened.run("UNWIND range(1, 100000) AS n RETURN n")))["n"])
        with opened.begin_transaction() as begun:
            create(begun, token)
            begun.rollback()
        try:
            opened.run("THIS IS NO CYPHER").consume()
        except Neo4jError as error:
            seen.append(error.code)
        managed(opened, lambda begun: begun.run("MATCH (c:ClientCell {token: $token}) DELETE c", token=token).consume())
        found = opened.run("MATCH (c:ClientCell {token: $token}) RETURN count(c) AS n", token=token)
        seen.append(found.single()["n"])
    return seen


serve(
    {
        "write": write, "read": read, "transaction": transaction, "failed-transaction": failed_transaction,
        "execute-write": execute_write, "routed": routed, "work": work,
    },
    lambda error: getattr(error, "code", None) or "",
    "neo4j",
)

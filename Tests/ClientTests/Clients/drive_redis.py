"""redis-py as a helper: every operation has a client of its own, with the retries and time-outs that it has of itself."""

from lines import serve  # isort: first

import contextlib

import redis

SCRIPT = "redis.call('INCR', KEYS[1]) return redis.call('INCR', KEYS[1])"


def connected(address):
    host, port = address.rsplit(":", 1)
    return contextlib.closing(redis.Redis(host=host, port=int(port), decode_responses=True))


def set_(client, token):
    return client.set(token, 1)


def get(client, token):
    return client.get("client-cells:standing")


def increment(client, token):
    """What it gives tells how often it was done."""
    return client.incr(token)


def pipeline(client, token):
    """Three commands before the first answer is read, each for itself."""
    with client.pipeline(transaction=False) as commands:
        for number in range(1, 4):
            commands.rpush(token, number)
        return commands.execute()


def transaction(client, token):
    """Two commands between MULTI and EXEC."""
    with client.pipeline() as commands:
        commands.incr(token)
        commands.incr(token)
        return commands.execute()


def script(client, token):
    """Two commands in one."""
    return client.eval(SCRIPT, 1, token)


def pop(client, token):
    """Of a list with one element that has been put past the link; or it waits for a second."""
    popped = client.blpop([token], timeout=1)
    return popped[1] if popped else None


def subscribe(client, token):
    """What arrives: the confirmation, then what is published when it is there."""
    with client.pubsub() as channel:
        channel.subscribe(token)
        seen = [channel.get_message(timeout=10)["type"]]
        client.publish(token, "news")
        seen.append(channel.get_message(timeout=10)["data"])
        return seen


def work(client, token):
    """Everything at once, for a comparison with a client that goes round the link."""
    seen = [step(client, token) for step in (set_, get, increment, script, subscribe)]
    client.delete(token)
    seen += [transaction(client, token), client.getdel(token), pipeline(client, token)]
    seen += [client.lrange(token, 0, -1), pop(client, token)]
    client.hset(f"{token}:h", mapping={"one": "1", "two": "2"})
    client.zadd(f"{token}:z", {"one": 1.5})
    client.sadd(f"{token}:s", "one")
    seen += [client.hgetall(f"{token}:h"), client.zscore(f"{token}:z", "one"), sorted(client.smembers(f"{token}:s"))]
    client.set(f"{token}:x", "x" * 1_000_000)
    seen.append(len(client.get(f"{token}:x")))
    stored = client.register_script("return ARGV[1]")
    seen.append(stored(args=["scripted"]))
    with client.pipeline() as commands:
        commands.watch(token)
        commands.multi()
        commands.llen(token)
        seen.append(commands.execute())
    with client.pipeline(transaction=False) as commands:
        for number in range(1000):
            commands.echo(number)
        seen.append(commands.execute() == [str(number) for number in range(1000)])
    try:
        client.hget(token, "field")
    except redis.ResponseError as error:
        seen.append(str(error))
    seen.append(client.delete(token, f"{token}:h", f"{token}:z", f"{token}:s", f"{token}:x"))
    return seen


def with_client(operation):
    def perform(address, token):
        with connected(address) as client:
            return operation(client, f"client-cells:{token}")

    return perform


operations = {
    "set": set_, "get": get, "increment": increment, "pipeline": pipeline, "transaction": transaction,
    "script": script, "pop": pop, "subscribe": subscribe, "work": work,
}
serve({name: with_client(operation) for name, operation in operations.items()}, lambda error: "", "redis")

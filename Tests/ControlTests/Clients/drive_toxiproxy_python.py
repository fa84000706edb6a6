"""toxiproxy-python does every operation that it has. Arguments: where the API listens, and a server that echoes."""

import inspect
import socket
import sys

import toxiproxy
from toxiproxy.exceptions import InvalidToxic, NotFound, ProxyExists

api, upstream = sys.argv[1:]
host, port = api.rsplit(":", 1)


def refused(error, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except error as found:
        return str(found)
    raise AssertionError(f"{call} was not refused")


def echo(proxy):
    listening, number = proxy.listen.rsplit(":", 1)
    with socket.create_connection((listening, int(number)), timeout=20) as client:
        client.sendall(b"x")
        return client.recv(1)


server = toxiproxy.Toxiproxy()
server.update_api_consumer(host, int(port))
assert server.running() and b"2." in server.version()
assert server.proxies() == {} and server.get_proxy("p") is None

proxy = server.create(upstream=upstream, name="p")
assert (proxy.name, proxy.upstream, proxy.enabled) == ("p", upstream, True)
assert echo(proxy) == b"x"
refused(ProxyExists, server.create, upstream=upstream, name="p")
assert server.get_proxy("p").listen == proxy.listen
other = server.create(upstream=upstream, name="q", listen="127.0.0.1:0", enabled=False)
assert other.enabled is False and sorted(server.proxies()) == ["p", "q"]

proxy.disable()
assert server.get_proxy("p").enabled is False
refused(ConnectionRefusedError, echo, proxy)
proxy.enable()
assert echo(proxy) == b"x"
with proxy.down():
    refused(ConnectionRefusedError, echo, proxy)
assert echo(proxy) == b"x"

assert proxy.toxics() == {} and proxy.get_toxic("latency_downstream") is None
proxy.add_toxic(type="latency", attributes={"latency": 1, "jitter": 0})
proxy.add_toxic(type="slicer", stream="upstream", name="cut", toxicity=0.5, attributes={"average_size": 1})
assert "toxic already exists" in refused(ProxyExists, proxy.add_toxic, type="latency")
assert "invalid toxic type" in refused(InvalidToxic, proxy.add_toxic, type="bogus")
assert sorted(proxy.toxics()) == ["cut", "latency_downstream"]
cut = proxy.get_toxic("cut")
assert (cut.type, cut.stream, cut.toxicity, cut.attributes["average_size"]) == ("slicer", "upstream", 0.5, 1)
assert echo(proxy) == b"x"
assert proxy.destroy_toxic("cut") and sorted(proxy.toxics()) == ["latency_downstream"]
assert "toxic not found" in refused(NotFound, proxy.destroy_toxic, "cut")

assert server.reset() and proxy.toxics() == {} and server.get_proxy("q").enabled
made = server.populate(
    [
        {"name": "p", "upstream": upstream, "listen": proxy.listen},
        {"name": "q", "upstream": "127.0.0.1:1", "listen": "127.0.0.1:0"},
        {"name": "r", "upstream": upstream, "listen": "127.0.0.1:0"},
    ]
)
assert [proxy.name for proxy in made] == ["q", "r"] and echo(made[1]) == b"x"
assert server.destroy(made[1]) and server.destroy("no proxy") is False
assert made[0].destroy() and "proxy not found" in refused(NotFound, made[0].destroy)
server.destroy_all()
assert server.proxies() == {}

used = set("""proxies destroy_all get_proxy running version reset create destroy populate update_api_consumer down toxics
    get_toxic add_toxic destroy_toxic destroy disable enable""".split())
for kind in (toxiproxy.Toxiproxy, toxiproxy.Proxy):
    there = {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}
    assert there <= used, f"not driven: {there - used}"
print("done")

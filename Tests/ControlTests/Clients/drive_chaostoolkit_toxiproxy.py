"""chaostoolkit-toxiproxy does every operation that it has. Arguments: where the API listens, and a server that echoes."""

import socket
import sys

from chaostoxi.proxy import actions, probes
from chaostoxi.toxic import actions as toxics

api, upstream = sys.argv[1:]
host, port = api.rsplit(":", 1)
upstream_host, upstream_port = upstream.rsplit(":", 1)
configurations = [{"toxiproxy_host": host, "toxiproxy_port": int(port)}, {"toxiproxy_url": f"http://{api}"}]
configuration = configurations[0]
used = set()


def do(module, name, **options):
    used.add((module, name))
    return getattr(module, name)(configuration=configuration, **options)


def echo():
    number = int(configuration["p_PORT"])
    with socket.create_connection(("127.0.0.1", number), timeout=20) as client:
        client.sendall(b"x")
        return client.recv(1)


def is_refused():
    try:
        echo()
    except ConnectionRefusedError:
        return True
    return False


for configuration in configurations:
    assert do(probes, "proxy_exist", proxy_name="p") is False
    # It listens on all addresses of the machine unless it is told otherwise.
    assert do(actions, "create_proxy", proxy_name="p", upstream_host=upstream_host, upstream_port=int(upstream_port))
    assert do(probes, "proxy_exist", proxy_name="p") is True
    assert do(probes, "get_proxy_attribute", proxy_name="p", attribute="upstream") == upstream
    assert do(probes, "get_proxy_attribute", proxy_name="p", attribute="listen").startswith("0.0.0.0:")
    assert echo() == b"x"

    assert do(actions, "disable_proxy", proxy_name="p") and is_refused()
    assert do(actions, "enable_proxy", proxy_name="p") and echo() == b"x"
    assert do(actions, "modify_proxy", proxy_name="p", listen_address="127.0.0.1:0", upstream_address=upstream)
    assert do(probes, "get_proxy_attribute", proxy_name="p", attribute="listen").startswith("127.0.0.1:")
    assert echo() == b"x"

    made = {
        "create_latency_toxic": {"latency": 1, "jitter": 1},
        "create_bandwith_degradation_toxic": {"rate": 1000},
        "create_slow_connection_close_toxic": {"delay": 1},
        "create_slicer_toxic": {"average_size": 2, "size_variation": 1, "delay": 1},
        "create_limiter_toxic": {"bytes_limit": 1000},
    }
    for name, attributes in made.items():
        assert do(toxics, name, for_proxy="p", toxic_name=name, **attributes)
    assert do(toxics, "create_toxic", for_proxy="p", toxic_name="bare", toxic_type="latency")
    attributes = {"timeout": 60_000}
    assert do(
        toxics, "create_toxic", for_proxy="p", toxic_name="never", toxic_type="reset_peer", stream="upstream",
        toxicity=0.0, attributes=attributes,
    )  # fmt: skip
    listed = do(probes, "get_proxy_attribute", proxy_name="p", attribute="toxics")
    assert [toxic["name"] for toxic in listed] == ["never", *made, "bare"]
    assert listed[0]["attributes"] == attributes and listed[0]["toxicity"] == 0
    assert echo() == b"x"

    assert do(toxics, "create_timeout_toxic", for_proxy="p", toxic_name="silence", timeout=5)
    assert echo() == b""
    assert do(toxics, "delete_toxic", for_proxy="p", toxic_name="silence") and echo() == b"x"
    assert do(toxics, "delete_toxic", for_proxy="p", toxic_name="silence") is False

    assert do(actions, "disable_proxy", proxy_name="p")
    assert do(actions, "reset") and echo() == b"x"
    assert do(probes, "get_proxy_attribute", proxy_name="p", attribute="toxics") == []
    assert do(actions, "delete_proxy", proxy_name="p") is None
    assert do(probes, "get_proxy_attribute", proxy_name="p", attribute="name") is None

for module in (actions, probes, toxics):
    missing = {name for name in module.__all__ if (module, name) not in used}
    assert not missing, f"not driven: {missing}"
print("done")

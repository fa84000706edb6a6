"""The roads to the servers: directly, and through each proxy. A road maps the servers' names to ports of its own."""
import json, os, signal, urllib.request

from machine import HOST, free_port
from servers import STREAM_MODULE

BINARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".build", "release", "faultline")
TCP_PORTS = ("redis", "bulk", "web", "postgres")
# Where a link reads messages, and the others pass bytes.
MESSAGE_PORTS = {"web messages": "http", "postgres messages": "postgres", "redis messages": "redis"}


class Road:
    """One road. `ports` has the servers' names, `web over http` where the proxy reads HTTP itself, and those of MESSAGE_PORTS
    for links and for what they are measured beside."""

    process = None
    other_ports = ()

    def __init__(self, name, children, servers, reads_http=False, has_messages=False):
        self.name, self.children, self.servers = name, children, servers.ports
        names = TCP_PORTS + (("web over http",) if reads_http else ()) + (tuple(MESSAGE_PORTS) if has_messages else ())
        self.ports = {port: free_port() for port in names}

    def server(self, name):
        return self.servers[name.split()[0]]

    def start(self):
        file_name = self.name.replace(" ", "-")
        self.process = self.children.start(file_name, self.command(os.path.join(self.children.folder, file_name)),
                                           [*self.ports.values(), *self.other_ports], is_proxy=True)

    def check(self):
        """Tells of a proxy that has died: a client sees no more than that nobody listens."""
        if self.process and self.process.poll() is not None:
            raise RuntimeError(f"{self.name} has ended with {self.process.returncode}")

    def stop(self):
        if self.process:
            self.children.stop(self.process, signal.SIGKILL)
            self.process = None


class Direct(Road):
    def __init__(self, children, servers):
        self.name, self.ports = "direct", dict(servers.ports)
        for name in ("web over http", *MESSAGE_PORTS):
            self.ports[name] = self.ports[name.split()[0]]

    def start(self):
        pass


class Faultline(Road):
    def __init__(self, name, children, servers, binary, history):
        super().__init__(name, children, servers, reads_http=True, has_messages=True)
        self.history, self.binary = history, os.path.abspath(binary)

    def command(self, path):
        words = [self.binary, "proxy", "--api", "off"]
        for name, port in self.ports.items():
            scheme = "http" if name == "web over http" else MESSAGE_PORTS.get(name, "tcp")
            up = "http://" if scheme == "http" else ""
            words += ["--link", f"{name.replace(' ', '-')}={scheme},{HOST}:{port},{up}{HOST}:{self.server(name)}"]
        return words + (["--history", path + ".ndjson"] if self.history else [])


class Haproxy(Road):
    """One thread and buffers of 64 KiB; it copies, unless it is told to splice where it thinks fit."""

    def __init__(self, name, children, servers, splices=False):
        super().__init__(name, children, servers, reads_http=True, has_messages=not splices)
        self.splices = splices
        if splices:
            self.ports = {port: self.ports[port] for port in ("bulk", "web", "web over http")}

    def command(self, path):
        with open(path + ".cfg", "w") as file:
            file.write("global\n  tune.bufsize 65536\n  nbthread 1\n  maxconn 4000\ndefaults\n  timeout connect 5s\n"
                       "  timeout client 1h\n  timeout server 1h\n" + ("  option splice-auto\n" if self.splices else ""))
            for name, port in self.ports.items():
                mode = "http" if name == "web over http" else "tcp"
                file.write(f"listen l{port}\n  mode {mode}\n  bind {HOST}:{port} backlog 4096\n"
                           f"  server s {HOST}:{self.server(name)}\n")
        return ["haproxy", "-db", "-f", path + ".cfg"]


class Nginx(Road):
    """One process; its stream module for bytes, and proxy_pass with connections kept open for HTTP."""

    def __init__(self, children, servers):
        super().__init__("nginx", children, servers, reads_http=True)

    def command(self, path):
        streams = "".join(f"server {{ listen {HOST}:{self.ports[name]} backlog=4096; proxy_pass {HOST}:{self.server(name)};"
                          " tcp_nodelay on; proxy_timeout 1h; }\n" for name in TCP_PORTS)
        folders = " ".join(f"{kind}_temp_path {path}-{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(path + ".conf", "w") as file:
            file.write(f"""load_module {STREAM_MODULE}; daemon off; master_process off; pid {path}.pid; error_log {path}.err;
                user root; events {{ worker_connections 16384; }} stream {{ {streams} }}
                http {{ access_log off; keepalive_timeout 1h; keepalive_requests 100000000; {folders}
                    upstream web {{ server {HOST}:{self.server('web')}; keepalive 64; keepalive_requests 100000000; }}
                    server {{ listen {HOST}:{self.ports['web over http']} backlog=4096; location / {{ proxy_pass http://web;
                        proxy_http_version 1.1; proxy_set_header Connection ''; }} }} }}""")
        return ["nginx", "-c", path + ".conf", "-e", path + ".err"]


class Toxiproxy(Road):
    """Bytes alone: it reads no HTTP."""

    def __init__(self, children, servers, binary):
        super().__init__("toxiproxy", children, servers)
        self.binary, self.api = os.path.abspath(binary), free_port()
        self.other_ports = (self.api,)

    def command(self, path):
        with open(path + ".json", "w") as file:
            json.dump([{"name": name, "listen": f"{HOST}:{port}", "upstream": f"{HOST}:{self.server(name)}", "enabled": True}
                       for name, port in self.ports.items()], file)
        return [self.binary, "-host", HOST, "-port", str(self.api), "-config", path + ".json"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(f"http://{HOST}:{self.api}{path}", method=method,
                                         data=json.dumps(body).encode() if body else None)
        urllib.request.urlopen(request, timeout=5).close()


NAMES = ["direct", "haproxy", "haproxy splicing", "nginx", "toxiproxy", "faultline", "faultline history"]


def make(chosen, children, servers):
    """The roads that were chosen, in their order, and one with a history for each further binary of faultline's."""
    binary = chosen.faultline
    makers = {
        "direct": lambda: Direct(children, servers),
        "haproxy": lambda: Haproxy("haproxy", children, servers),
        "haproxy splicing": lambda: Haproxy("haproxy splicing", children, servers, splices=True),
        "nginx": lambda: Nginx(children, servers),
        "toxiproxy": lambda: Toxiproxy(children, servers, chosen.toxiproxy),
        "faultline": lambda: Faultline("faultline", children, servers, binary, history=False),
        "faultline history": lambda: Faultline("faultline history", children, servers, binary, history=True),
    }
    roads = [makers[name]() for name in chosen.roads if name != "toxiproxy" or chosen.toxiproxy]
    return roads + [Faultline(f"{os.path.basename(path)} history", children, servers, path, history=True)
                    for path in chosen.beside]

"""The servers at the far end: the same for every road."""
import glob, os, pwd, shutil, subprocess, sys

from machine import HOST, free_port, run

PACKAGES = {"redis-server": "redis-server", "redis-benchmark": "redis-tools", "haproxy": "haproxy", "nginx": "nginx",
            "iperf3": "iperf3", "wrk": "wrk", "pgbench": "postgresql-contrib", "taskset": "util-linux"}
STREAM_MODULE = "/usr/lib/nginx/modules/ngx_stream_module.so"


def check_packages():
    missing = {package for tool, package in PACKAGES.items() if not shutil.which(tool)}
    if not os.path.exists(STREAM_MODULE):
        missing.add("libnginx-mod-stream")
    if not glob.glob("/usr/lib/postgresql/*/bin/postgres"):
        missing.add("postgresql")
    if missing:
        sys.exit(f"missing Debian packages: {' '.join(sorted(missing))}")


class Servers:
    """Ports of the servers, by name. `web` is nginx with files of 1 KiB, 1 MiB and 1 GiB."""

    def __init__(self, children):
        self.children = children
        self.ports = {name: free_port() for name in ("redis", "bulk", "web", "postgres")}

    def start(self):
        folder, ports = self.children.folder, self.ports
        self.children.start("redis", ["redis-server", "--bind", HOST, "--port", str(ports["redis"]), "--save", "", "--dir",
                                      folder, "--maxclients", "12000"], [ports["redis"]])
        self.children.start("iperf3", ["iperf3", "-s", "-B", HOST, "-p", str(ports["bulk"])], [ports["bulk"]])
        self._start_nginx(folder, ports["web"])
        self._start_postgres(folder, ports["postgres"])

    def _start_nginx(self, folder, port):
        files = os.path.join(folder, "www")
        os.mkdir(files)
        for name, size in (("1k", 1 << 10), ("1m", 1 << 20), ("1g", 1 << 30)):
            with open(os.path.join(files, name), "wb") as file:
                # The largest has a hole in place of its bytes.
                file.truncate(size) if size > 1 << 20 else file.write(b"x" * size)
        config = os.path.join(folder, "web.conf")
        with open(config, "w") as file:
            file.write(f"""daemon off; worker_processes 1; pid {folder}/web.pid; error_log {folder}/web.err; user root;
                events {{ worker_connections 8192; }}
                http {{ access_log off; sendfile on; tcp_nodelay on; keepalive_timeout 1h; keepalive_requests 100000000;
                    {' '.join(f'{kind}_temp_path {folder}/web-{kind};' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))}
                    server {{ listen {HOST}:{port} backlog=4096; root {files}; }} }}""")
        self.children.start("web", ["nginx", "-c", config, "-e", f"{folder}/web.err"], [port])

    def _start_postgres(self, folder, port):
        programs = max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
        data, user = os.path.join(folder, "postgres"), None
        os.mkdir(data, 0o700)
        if os.getuid() == 0:
            # It refuses to be root's.
            user = "postgres"
            account = pwd.getpwnam(user)
            os.chown(data, account.pw_uid, account.pw_gid)
        subprocess.run([f"{programs}/initdb", "-D", data, "-A", "trust", "-U", "app", "--locale=C.UTF-8", "--no-sync"],
                       user=user, cwd=data, check=True, stdout=subprocess.DEVNULL)
        self.children.start("postgres", [f"{programs}/postgres", "-D", data, "-c", f"listen_addresses={HOST}", "-c",
                                         f"port={port}", "-c", "unix_socket_directories=", "-c", "fsync=off"], [port], user=user)
        run(["pgbench", "-h", HOST, "-p", str(port), "-U", "app", "-i", "-q", "postgres"])

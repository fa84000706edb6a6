"""Ports, processes and the kernel's accounts of them."""
import ctypes, glob, os, platform, resource, signal, socket, subprocess, sys, tempfile, time, shutil

HOST = "127.0.0.1"


def ports_to_give():
    """Free ports, each once, below those that the system gives to clients: one of these might take it meanwhile."""
    for port in range(12000 + os.getpid() % 8000, 32000):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        yield port


free_port = ports_to_give().__next__


def is_open(port):
    try:
        socket.create_connection((HOST, port), timeout=1).close()
        return True
    except OSError:
        return False


def progress(text):
    print(text, file=sys.stderr, flush=True)


def raise_descriptor_limit():
    """Peers and clients need some 2,000 descriptors each; children inherit the limit."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def interrupt_on_terminate():
    """Has SIGTERM unwind the program as Ctrl-C does, so that what was started is stopped."""

    def handle(number, frame):
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
    signal.signal(signal.SIGHUP, handle)


class Cores:
    """Which processor whom runs on: everybody anywhere, or the proxy on one and all others on the rest."""

    def __init__(self, pinned):
        cores = sorted(os.sched_getaffinity(0))
        if pinned and len(cores) < 2:
            sys.exit("--pin needs two processors")
        self.proxy = cores[:1] if pinned else cores
        self.others = cores[1:] if pinned else cores
        os.sched_setaffinity(0, self.others)


class Children:
    """Processes that this run has started, in a folder that goes with them."""

    def __init__(self, cores):
        self.cores = cores
        self.folder = tempfile.mkdtemp(prefix="faultline-benchmark-")
        # The database's user, and nginx's, get in here.
        os.chmod(self.folder, 0o755)
        self.running = []

    def start(self, name, command, ports, *, is_proxy=False, user=None):
        """Starts a program and waits until it listens on all of `ports`."""
        path = os.path.join(self.folder, f"{name}.log")
        cores = self.cores.proxy if is_proxy else self.cores.others
        prefix = ["taskset", "-c", ",".join(map(str, cores))]
        with open(path, "w") as log:
            # In a session of its own: a Ctrl-C reaches this program alone, which then ends the others in order.
            child = subprocess.Popen(prefix + command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=user,
                                     start_new_session=True, cwd=self.folder)
        self.running.append(child)
        deadline = time.monotonic() + 20
        for port in ports:
            while not is_open(port):
                if time.monotonic() > deadline or child.poll() is not None:
                    with open(path) as log:
                        sys.exit(f"{name} does not listen on {port}:\n{log.read()[-2000:]}")
                time.sleep(0.02)
        return child

    def stop(self, child, by=signal.SIGTERM):
        """Ends one child. Proxies are killed: whatever they would still write at their end nobody reads."""
        child.send_signal(by)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self.running.remove(child)

    def close(self):
        for child in list(reversed(self.running)):
            self.stop(child, signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)


def run(command, timeout=120, may_fail=False):
    """What a client prints."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    if done.returncode != 0 and not may_fail:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-500:]}{done.stderr[-1500:]}")
    return done.stdout


def cpu_seconds(process):
    """What all threads of a process have spent, to the nanosecond."""
    total = 0
    for path in glob.glob(f"/proc/{process.pid}/task/*/schedstat"):
        with open(path) as file:
            total += int(file.read().split()[0])
    return total / 1e9


def memory_megabytes(process):
    """Resident and proportional size of a process."""
    sizes = {}
    with open(f"/proc/{process.pid}/smaps_rollup") as file:
        for line in file:
            words = line.split()
            if words[0] in ("Rss:", "Pss:"):
                sizes[words[0]] = int(words[1]) / 1024
    return sizes["Rss:"], sizes["Pss:"]


def exact_timers():
    """Takes the 50 us of slack off this thread's timers, as proxies do."""
    ctypes.CDLL(None).prctl(29, 1, 0, 0, 0)


def description():
    """The machine, for whoever reads the figures."""
    model = "unknown processor"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"processor": model, "cores": os.cpu_count(), "kernel": platform.release(),
            "load_at_start": os.getloadavg()[0], "date": time.strftime("%Y-%m-%d")}

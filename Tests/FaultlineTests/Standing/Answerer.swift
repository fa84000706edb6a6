import Glibc
import Testing

/// A server in a process of its own that answers each byte by its own letter, on any number of connections.
struct Answerer {
    let address: String
    private let process: ChildProcess

    init(_ letter: Character, on host: String = "127.0.0.1") throws {
        process = try ChildProcess(["python3", "-u", "-c", Self.script, String(letter), host])
        let words = try process.nextLine(with: "port ").split(separator: " ")
        address = "\(host.contains(":") ? "[\(host)]" : host):\(try #require(words.last))"
    }

    private static let script = #"""
        import resource, select, socket, sys

        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        letter, host = sys.argv[1].encode(), sys.argv[2]
        listener = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=4096)
        print("port", listener.getsockname()[1])
        poller, open_ones = select.epoll(), {}
        poller.register(listener, select.EPOLLIN)
        while True:
            for number, _ in poller.poll():
                if number == listener.fileno():
                    client = listener.accept()[0]
                    open_ones[client.fileno()] = client
                    poller.register(client, select.EPOLLIN)
                    continue
                client = open_ones[number]
                try:
                    data = client.recv(4096)
                    client.sendall(letter * len(data))
                except OSError:
                    data = b""
                if not data:
                    poller.unregister(client)
                    del open_ones[number]
                    client.close()
        """#
}

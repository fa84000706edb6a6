import Foundation
import Stores
import Testing

@Suite struct HTTPClientTests {
    let http = HTTPClient()

    private func request(_ url: String, _ method: String = "GET", body: HTTPRequest.Body = .none) -> HTTPRequest {
        HTTPRequest(service: "test", operation: method, method: method, url: url, body: body)
    }

    @Test func statusHeadersAndBody() async throws {
        let server = CannedServer(status: "418 Teapot", headers: ["X-One: a:b", "x-empty:"], body: "short and stout")
        defer { server.stop() }
        let response = try await http.send(request(server.url + "/pot?a=1"))
        #expect(response.status == 418)
        #expect(response[header: "x-one"] == "a:b")
        #expect(response[header: "X-Empty"] == "")
        #expect(response[header: "Content-Type"] == nil)
        #expect(response.text == "short and stout")
        #expect(server.requests[0].hasPrefix("GET /pot?a=1 HTTP/1.1\r\n"))
    }

    @Test(arguments: ["PUT", "POST", "DELETE"]) func bodiesAreSent(_ method: String) async throws {
        let server = CannedServer()
        defer { server.stop() }
        _ = try await http.send(request(server.url, method, body: .bytes(Array("content".utf8))))
        let sent = server.requests[0]
        #expect(sent.hasPrefix("\(method) / HTTP/1.1\r\n"))
        #expect(sent.hasSuffix("\r\n\r\ncontent"))
        #expect(!sent.lowercased().contains("content-type"))
    }

    @Test func aFileIsUploadedAndAnAnswerDownloaded() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: Servers.unique("http"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appending(path: "source"), folder.appending(path: "target"))
        try Data("from a file".utf8).write(to: source)
        let server = CannedServer(body: "to a file")
        defer { server.stop() }
        var request = request(server.url, "PUT", body: .file(source.path))
        request.sink = .file(target.path)
        let response = try await http.send(request)
        #expect(response.body.isEmpty)
        #expect(response.bodyBytes == 9)
        #expect(server.requests[0].hasSuffix("from a file"))
        #expect(try String(contentsOf: target, encoding: .utf8) == "to a file")
    }

    @Test func aTruncatedDownloadLeavesNoFile() async throws {
        let target = FileManager.default.temporaryDirectory.appending(path: Servers.unique("cut")).path
        let server = CannedServer(["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"], closesAfterAnswer: true)
        defer { server.stop() }
        var request = request(server.url)
        request.sink = .file(target)
        let error = try await failure { _ = try await http.send(request) }
        #expect(error.code == StoreError.Code.connectionLost)
        #expect(error.isTransient)
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func anErrorBodyDoesNotGoToTheFile() async throws {
        let target = FileManager.default.temporaryDirectory.appending(path: Servers.unique("error")).path
        let server = CannedServer(status: "404 Not Found", body: "nothing")
        defer { server.stop() }
        var request = request(server.url)
        request.sink = .file(target)
        #expect(try await http.send(request).text == "nothing")
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func answersAreBounded() async throws {
        let server = CannedServer(body: String(repeating: "x", count: 1001))
        defer { server.stop() }
        var request = request(server.url)
        request.sink = .memory(limitBytes: 1000)
        let error = try await failure { _ = try await http.send(request) }
        #expect(error.code == StoreError.Code.tooLarge)
        #expect(!error.isTransient)
    }

    @Test func connectionRefused() async throws {
        let error = try await failure { _ = try await http.send(request("http://127.0.0.1:\(try Relay.closedPort())")) }
        #expect(error.code == StoreError.Code.connect)
        #expect(error.outcome == .definite)
        #expect(error.isTransient)
    }

    @Test func aServerThatNeverAnswersTimesOut() async throws {
        let relay = try Relay()
        defer { relay.stop() }
        let error = try await failure {
            _ = try await http.send(request("http://127.0.0.1:\(relay.port)"), timeout: .seconds(2))
        }
        #expect(error.isTimeout)
        #expect(error.outcome == .indefinite)
    }

    @Test func cancellationEndsTheWait() async throws {
        let server = CannedServer(body: "fine")
        let relay = try Relay(upstream: server.port, trap: .hang(Array("/hang".utf8)))
        defer {
            relay.stop()
            server.stop()
        }
        let url = "http://127.0.0.1:\(relay.port)"
        let task = Task { try await http.send(request(url + "/hang"), timeout: .seconds(3600)) }
        await relay.waitUntilSprung()
        task.cancel()
        let error = try await failure { _ = try await task.value }
        #expect(error.isCancellation)
        #expect(error.outcome == .indefinite)
        #expect(try await http.send(request(url)).text == "fine")
    }

    @Test func anUnansweredRequestOnAReusedConnectionIsNotRepeated() async throws {
        let server = CannedServer(body: "fine")
        let relay = try Relay(upstream: server.port, trap: .loseRequest(Array("once".utf8)))
        defer {
            relay.stop()
            server.stop()
        }
        let url = "http://127.0.0.1:\(relay.port)"
        _ = try await http.send(request(url))
        let error = try await failure {
            _ = try await http.send(request(url + "/lost", "POST", body: .bytes(Array("once".utf8))))
        }
        #expect(error.code == StoreError.Code.connectionLost)
        #expect(error.outcome == .indefinite)
        #expect(relay.sprung == 1)
        #expect(relay.accepted == 1)
    }

    @Test func connectionsAreReusedAndDeadOnesReplaced() async throws {
        let server = CannedServer(body: "fine")
        let relay = try Relay(upstream: server.port)
        defer {
            relay.stop()
            server.stop()
        }
        let url = "http://127.0.0.1:\(relay.port)"
        for _ in 0..<3 { _ = try await http.send(request(url)) }
        #expect(relay.accepted == 1)
        relay.closeConnections()
        await relay.waitUntilClosed()
        #expect(try await http.send(request(url)).text == "fine")
        #expect(relay.accepted == 2)
    }

    @Test func twentyRequestsAtOnce() async throws {
        let server = CannedServer(body: String(repeating: "y", count: 100_000))
        defer { server.stop() }
        let sizes = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { try await http.send(request(server.url)).bodyBytes } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sizes == [Int](repeating: 100_000, count: 20))
    }

    @Test func aClosedClientRefuses() async throws {
        let client = HTTPClient()
        client.close()
        #expect(try await failure { _ = try await client.send(request("http://127.0.0.1:1")) }.isCancellation)
    }

    @Test func headersCannotBeSmuggled() async throws {
        var request = request("http://127.0.0.1:1/")
        request.headers = [("X-Name", "a\r\nX-Other: b")]
        let error = try await failure { _ = try await http.send(request) }
        #expect(error.code == StoreError.Code.misuse)
    }

    @Test func anAddressThatIsNoneIsMisuse() async throws {
        let error = try await failure { _ = try await http.send(request("ftp://127.0.0.1/")) }
        #expect(error.code == StoreError.Code.misuse)
        #expect(!error.isTransient)
    }
}

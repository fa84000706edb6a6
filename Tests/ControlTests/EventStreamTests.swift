import Control
import Foundation
import Proxy
import Stores
import Synchronization
import Testing
import Wire

/// The stream of events as a client reads it off the wire.
@Suite struct EventStreamTests {
    /// What has come of a stream.
    private final class Stream {
        private let peer: Peer
        private var rest = ""
        private var watches = false
        /// Of the events `wire`, what they say.
        private(set) var events: [Substring] = []
        private(set) var missed = 0

        init(_ port: ControlPort, _ query: String) async throws {
            peer = try await Peer.connect(port.address)
            try await peer.send("GET /v1/events?\(query) HTTP/1.1\r\nHost: \(port.address)\r\n\r\n")
            while !watches { try await readMore() }
        }

        func readMore() async throws {
            rest += try await peer.receiveSome()
            // Chunks are framed by lines of their own.
            var lines = rest.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            rest = String(lines.removeLast())
            for line in lines {
                if line == ": watching" { watches = true }
                if line.hasPrefix("data: {\"action\"") { events.append(line.dropFirst(6)) }
                if line.hasPrefix("data: {\"missed\":") { missed += Int(line.dropFirst(16).dropLast()) ?? 0 }
            }
        }
    }

    /// A link that speaks redis to a server that sends back what it gets, and a connection through it. `+OK` is a command and an
    /// answer alike.
    private func with(_ body: (ControlPort, Peer) async throws -> Void) async throws {
        let echo = try Echo()
        try await ControlPort.with { port in
            let link = LiveLink(
                LinkConfiguration(name: "a", linkProtocol: .redis, upstream: echo.address), source: .api)
            let peer = try await Peer.connect(try await port.live.add(link).addresses[0])
            try await peer.send("+OK\r\n")
            #expect(try await peer.receive(5) == "+OK\r\n")
            try await body(port, peer)
        }
    }

    /// Nobody waits for one who does not read, and what he was shown and what he was told that he missed are the whole.
    @Test(.timeLimit(.minutes(2))) func whatAWatcherCouldNotBeShownIsCounted() async throws {
        try await with { port, peer in
            let (stream, count) = (try await Stream(port, "link=a&kind=message"), 150_000)
            let texts = String(repeating: "+OK\r\n", count: count)
            async let sent: Void = peer.send(texts)
            #expect(try await peer.receive(texts.utf8.count) == texts)
            try await sent
            var shown = 0
            while true {
                shown = stream.events.count
                guard shown + stream.missed < 2 * count else { break }
                try await stream.readMore()
            }
            #expect(shown + stream.missed == 2 * count)
            #expect(stream.missed > 0 && shown > 0)
            let page = try await port.scrape()
            #expect(page["faultline_watcher_missed_events_total"] == Double(stream.missed))
            #expect(page["faultline_watcher_shown_events_total"] == Double(shown))
            #expect(page["faultline_watchers"] == 1)
            #expect(page["faultline_history_dropped_events_total"] == 0)
            #expect(page["faultline_history_events_total"] == Double(2 * count))
        }
    }

    @Test func anEventIsWhatTheCoderMakesOfIt() async throws {
        try await with { port, peer in
            let watch = try #require(port.live.watch { _ in true })
            defer { watch.stop() }
            let stream = try await Stream(port, "link=a")
            // Any character may be in a key.
            for key in ["plain", "\"quoted\\\"", "a\u{1}\u{1f}\t\u{8}z", "Ünïcödé 🙂", "a/b"] {
                let command = "*2\r\n$3\r\nGET\r\n$\(key.utf8.count)\r\n\(key)\r\n"
                try await peer.send(command)
                #expect(try await peer.receive(command.utf8.count) == command)
            }
            try await port.live.add(.test("latency", ["delay": "1us"], on: "a", over: .redis))
            try await peer.send("+OK\r\n")
            #expect(try await peer.receive(5) == "+OK\r\n")
            var events: [WireEvent] = []
            while events.count < 12 { events += try #require(await watch.next()).events }
            while stream.events.count < 12 { try await stream.readMore() }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            for (event, line) in zip(events, stream.events) {
                #expect(try JSONDecoder().decode(WireEvent.self, from: Data(line.utf8)) == event)
                let coded = Array(try encoder.encode(event))
                #expect(JSON(Array(line.utf8)) == JSON(coded))
                // The order of the keys, too.
                if event.key == "plain" { #expect(Array(line.utf8) == coded) }
            }
        }
    }
}

import Glibc
import Reactor
import Testing

/// What a loop tells its sources.
struct EventLoopTests {
    private func pair() throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    private func readiness(_ event: Recorder.Event, tag expected: Int) -> Readiness? {
        guard case .ready(let raw, expected) = event else { return nil }
        return Readiness(rawValue: raw)
    }

    @Test(arguments: 0...3) func readinessComesUnderItsTagAndOnceForEachChange(tag: Int) async throws {
        let log = Log<Recorder.Event>()
        let (watched, other) = try pair()
        let thread = try Bench.thread()
        thread.post { bench in
            let source = Recorder(log)
            bench.loop.adopt(source)
            bench.loop.watch(watched, source: source, tag: tag)
        }
        let first = try #require(await log.first(1).first)
        #expect(readiness(first, tag: tag) == [.writable])
        #expect(write(other, "x", 1) == 1)
        let second = await log.first(2)[1]
        #expect(readiness(second, tag: tag)?.isSuperset(of: [.readable, .writable]) == true)
        // Nobody reads the byte: only an edge-triggered loop stays quiet about it.
        for _ in 0..<20 { _ = try await thread.call { _ in } }
        #expect(log.entries.count == 2)
        close(other)
        let third = await log.first(3)[2]
        #expect(readiness(third, tag: tag)?.contains(.peerClosed) == true)
        await thread.stop { _ in }
        close(watched)
    }

    @Test func aSpliceToAPeerThatIsGoneFailsAndEndsNothingElse() async throws {
        let (source, sender) = try pair()
        let (sink, receiver) = try pair()
        #expect(write(sender, "x", 1) == 1)
        close(receiver)
        let thread = try Bench.thread()
        let outcome = try await thread.call { _ in
            var pipe = SplicePipe()
            let filled = pipe?.fill(from: source)
            // On any other thread this would be SIGPIPE, and the end of the process.
            let emptied = pipe?.empty(into: sink)
            pipe?.close()
            return [filled, emptied]
        }
        #expect(outcome == [.bytes(1), .failed])
        await thread.stop { _ in }
        for descriptor in [source, sender, sink] { close(descriptor) }
    }

    @Test func anUnwatchedDescriptorIsNotHeardOf() async throws {
        let log = Log<Recorder.Event>()
        let (watched, other) = try pair()
        let thread = try Bench.thread()
        thread.post { bench in
            let source = Recorder(log)
            bench.loop.adopt(source)
            bench.loop.watch(watched, source: source, tag: 0)
        }
        _ = await log.first(1)
        try await thread.call { $0.loop.unwatch(watched) }
        #expect(write(other, "x", 1) == 1)
        for _ in 0..<20 { _ = try await thread.call { _ in } }
        #expect(log.entries.count == 1)
        await thread.stop { _ in }
        close(watched)
        close(other)
    }

    @Test func anotherTurnComesAfterThePresentBatch() async throws {
        let log = Log<Recorder.Event>()
        let thread = try Bench.thread()
        thread.post { bench in
            var left = 3
            let source = Recorder(log) { _ in
                left -= 1
                if left > 0 { bench.loop.again(bench.source!) }
            }
            bench.source = source
            bench.loop.adopt(source)
            bench.loop.again(source)
            log.append(.timer(-1))
        }
        #expect(await log.first(4) == [.timer(-1), .turn, .turn, .turn])
        await thread.stop { $0.source = nil }
    }

    @Test func aSourceLivesUntilItIsRetired() async throws {
        final class Mortal: EventSource {
            let log: Log<Int>
            init(_ log: Log<Int>) { self.log = log }
            deinit { log.append(1) }
        }
        let log = Log<Int>()
        let thread = try Bench.thread()
        try await thread.call { bench in
            let source = Mortal(log)
            bench.loop.adopt(source)
            bench.unowned = Unmanaged<EventSource>.passUnretained(source)
        }
        for _ in 0..<5 { _ = try await thread.call { _ in } }
        #expect(log.entries.isEmpty)
        try await thread.call { bench in
            bench.loop.retire(bench.unowned!.takeUnretainedValue())
        }
        #expect(await log.first(1) == [1])
        await thread.stop { _ in }
    }
}

import Reactor
import Testing

/// Work that is posted to a loop is done, once and in order, until the loop has stopped; then nobody waits for ever.
struct LoopThreadTests {
    @Test func workOfManyThreadsIsAllDoneAndEachThreadsInOrder() async throws {
        let (threads, each) = (8, 2_000)
        let log = Log<(thread: Int, number: Int)>()
        let loop = try Bench.thread()
        for thread in 0..<threads {
            try Thread.start(name: "poster") {
                for number in 0..<each { loop.post { _ in log.append((thread, number)) } }
            }
        }
        let entries = await log.first(threads * each)
        #expect(entries.count == threads * each)
        for thread in 0..<threads {
            #expect(entries.filter { $0.thread == thread }.map(\.number) == Array(0..<each))
        }
        await loop.stop { _ in }
    }

    @Test func aCallReturnsWhatItsWorkReturns() async throws {
        let loop = try Bench.thread()
        #expect(try await loop.call { _ in 42 } == 42)
        await #expect(throws: SocketError.self) {
            try await loop.call { _ in throw SocketError(doing: "x", code: 1, message: "y") }
        }
        await loop.stop { _ in }
    }

    @Test func workMayPostWork() async throws {
        let log = Log<Int>()
        let loop = try Bench.thread()
        loop.post { _ in
            log.append(1)
            loop.post { _ in log.append(3) }
            log.append(2)
        }
        #expect(await log.first(3) == [1, 2, 3])
        await loop.stop { _ in }
    }

    @Test func stoppingDoesWhatWasPostedBeforeAndItsLastWork() async throws {
        let log = Log<Int>()
        let loop = try Bench.thread()
        for number in 0..<100 { loop.post { _ in log.append(number) } }
        await loop.stop { _ in log.append(100) }
        #expect(log.entries == Array(0...100))
    }

    @Test func aStoppedLoopTakesNoWork() async throws {
        let log = Log<Int>()
        let loop = try Bench.thread()
        await loop.stop { _ in }
        loop.post { _ in log.append(1) }
        await #expect(throws: CancellationError.self) { try await loop.call { _ in log.append(2) } }
        await loop.stop { _ in log.append(3) }
        #expect(log.entries.isEmpty)
    }

    /// Calls that race with the stop are done or refused, and none is forgotten: that would leave its caller hanging.
    @Test func callsThatRaceWithTheStopAllReturn() async throws {
        for _ in 0..<100 {
            let loop = try Bench.thread()
            let done = Log<Int>()
            await withTaskGroup(of: Bool.self) { group in
                for caller in 0..<40 {
                    if caller == 20 {
                        group.addTask {
                            await loop.stop { _ in }
                            return false
                        }
                    }
                    group.addTask {
                        do {
                            try await loop.call { _ in done.append(caller) }
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                let returned = await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                #expect(returned == done.entries.count)
            }
        }
    }

    /// Work that takes its time while the loop is stopping: what arrives meanwhile was accepted, so it is done.
    @Test func workThatArrivesDuringTheLastWorkIsDone() async throws {
        let loop = try Bench.thread()
        let log = Log<Int>()
        await loop.stop { _ in
            log.append(1)
            loop.post { _ in log.append(2) }
        }
        #expect(await log.first(2) == [1, 2])
    }
}

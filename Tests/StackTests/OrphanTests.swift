import Foundation
import Glibc
import Stack
import Testing

/// After a faultline that was killed in the middle, the next one finds what it left, and nothing else.
@Suite struct OrphanTests {
    @Test func anUnfinishedStartIsClearedByTheNext() async throws {
        try await TemporaryStack.with { stack in
            let first = try await stack.up()
            try edit(stack) { $0["phase"] = "starting" }
            #expect(throws: StackError.self) { try stack.state() }

            let second = try await stack.up()
            #expect(second["redis"]?.process != first["redis"]?.process)
            #expect(stack.leftovers == [try #require(second["redis"]?.process?.id)])
        }
    }

    @Test func processesThatNoFileListsAreFoundByTheirMark() async throws {
        try await TemporaryStack.with { stack in
            try await stack.up()
            try FileManager.default.removeItem(atPath: stack.home.stateFile)
            #expect(stack.leftovers.count == 1)
            try await stack.down()
            #expect(stack.leftovers.isEmpty)
        }
    }

    @Test func aBrokenStateFileKeepsNobodyFromEndingProcesses() async throws {
        try await TemporaryStack.with { stack in
            try await stack.up()
            try Data("{ half a".utf8).write(to: URL(fileURLWithPath: stack.home.stateFile))
            await #expect(throws: StackError.self) { try await stack.up() }
            try await stack.down()
            #expect(stack.leftovers.isEmpty)
        }
    }

    @Test func aStrangerWithARecycledIdIsSpared() async throws {
        let stranger = Process()
        stranger.executableURL = URL(fileURLWithPath: "/bin/sleep")
        stranger.arguments = ["1000"]
        try stranger.run()
        // Foundation starts it with SIGTERM blocked.
        defer { kill(stranger.processIdentifier, SIGKILL) }
        let real = try #require(ProcessIdentity.of(stranger.processIdentifier))

        try await TemporaryStack.with { stack in
            try await stack.up()
            try await stack.stop("redis")
            // The state claims that redis had this id, but began at another time.
            try edit(stack) { state in
                var services = state["services"] as? [[String: Any]] ?? []
                services[0]["process"] = ["id": Int(real.id), "startTime": Int(real.startTime) - 1]
                state["services"] = services
            }
            #expect(try stack.state()["redis"]?.process?.id == real.id)
            #expect(try await stack.reports().map(\.state) == [.dead])
            try await stack.down()
        }
        #expect(real.isAlive)
    }

    @Test func aProcessOfAnEarlierBootIsNoProcessOfOurs() async throws {
        try await TemporaryStack.with { stack in
            try await stack.up()
            try edit(stack) { $0["boot"] = "another" }
            #expect(throws: StackError.self) { try stack.state() }
            #expect(try await stack.reports().map(\.state) == [.dead])
        }
    }

    private func edit(_ stack: NativeStack, _ change: (inout [String: Any]) throws -> Void) throws {
        let file = URL(fileURLWithPath: stack.home.stateFile)
        var state = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        try change(&state)
        try JSONSerialization.data(withJSONObject: state).write(to: file)
    }
}

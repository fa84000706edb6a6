import Foundation
import Glibc
import Stack
import Stores
import Testing

@Suite struct LifecycleTests {
    @Test func upRunsAProcessThatAnswersAndDownLeavesNone() async throws {
        try await TemporaryStack.with { stack in
            let state = try await stack.up()
            let process = try #require(state["redis"]?.process)
            #expect(ProcessIdentity.of(process.id) == process)
            #expect(stack.leftovers == [process.id])
            #expect(try await stack.reports().map(\.state) == [.healthy])

            try await stack.down()
            #expect(ProcessIdentity.of(process.id) != process)
            #expect(stack.leftovers.isEmpty)
            #expect(throws: StackError.self) { try stack.state() }
        }
    }

    @Test func upAgainKeepsWhatAnswersAndReplacesWhatDied() async throws {
        try await TemporaryStack.with { stack in
            let first = try await stack.up()
            let second = try await stack.up()
            #expect(second["redis"] == first["redis"])

            let process = try #require(first["redis"]?.process)
            #expect(kill(process.id, SIGKILL) == 0)
            let third = try await stack.up()
            #expect(third["redis"]?.process != process)
            #expect(third["redis"]?.ports == first["redis"]?.ports)
        }
    }

    @Test func dataOutlivesDownButNotPurge() async throws {
        try await TemporaryStack.with { stack in
            try await stack.up()
            _ = try await stack.redis { try await $0.command("SET", "kept", "yes") }
            try await stack.down()
            try await stack.up()
            #expect(try await stack.redis { try await $0.command("GET", "kept") }.string == "yes")
            try await stack.down(purge: true)
            try await stack.up()
            #expect(try await stack.redis { try await $0.command("GET", "kept") }.isNull)
        }
    }

    @Test(arguments: [false, true]) func oneServiceIsTakenAwayAndComesBackWhereItWas(crash: Bool) async throws {
        try await TemporaryStack.with { stack in
            let before = try await stack.up()
            if crash { try await stack.kill("redis") } else { try await stack.stop("redis") }
            #expect(stack.leftovers.isEmpty)
            #expect(try await stack.reports().map(\.state) == [.stopped])
            let after = try await stack.start("redis")
            #expect(after["redis"]?.ports == before["redis"]?.ports)
            #expect(try await stack.redis { try await $0.command("PING") }.string == "PONG")
        }
    }

    @Test func aPausedServiceIsUnhealthyUntilItGoesOn() async throws {
        try await TemporaryStack.with { stack in
            try await stack.up()
            try await stack.pause("redis")
            #expect(try await stack.reports().map(\.state) == [.unhealthy])
            try stack.resume("redis")
            #expect(try await stack.reports().map(\.state) == [.healthy])
            try await stack.pause("redis")
        }
    }

    @Test func aTakenPortIsLeftForAnother() async throws {
        let squatter = Squatter()
        let service = SquattedRedis(squatter: squatter)
        try await TemporaryStack.with([service]) { stack in
            let changes = Collected<Int>()
            let state = try await stack.up { progress in
                if case .portTaken(_, let port) = progress { changes.append(port) }
            }
            let taken = try #require(squatter.port)
            #expect(changes.all == [taken])
            #expect(state["redis"]?.ports["main"] != taken)
        }
    }
}

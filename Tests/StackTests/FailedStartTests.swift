import Foundation
import Stack
import Testing

/// A start that fails says which service, why, and where to read on; and leaves nothing running.
@Suite struct FailedStartTests {
    @Test func aMissingProgramIsNamedWithWhatMendsIt() async throws {
        let service = ScriptService(executable: "/nowhere/the-script", script: "")
        try await expectFailure(of: service) { error, _ in
            #expect(error.what == "/nowhere/the-script is missing or not executable")
            #expect(error.remedy == "apt-get install the-script")
        }
    }

    @Test func anEarlyExitIsToldWithItsLog() async throws {
        let service = ScriptService(script: "echo opening the shop; echo no key fits >&2; exit 3")
        try await expectFailure(of: service) { error, stack in
            #expect(error.what == "exited with code 3")
            #expect(error.log == stack.home.logs + "/script.log")
            #expect(error.lastLines == ["opening the shop", "no key fits"])
        }
    }

    @Test func anEndBySignalIsToldAsSuch() async throws {
        try await expectFailure(of: ScriptService(script: "kill -SEGV $$")) { error, _ in
            #expect(error.what == "was ended by signal 11")
        }
    }

    @Test func aMuteServiceIsGivenUp() async throws {
        // The shell starts a child of its own, which must go with it.
        let script = "echo waiting; sleep 1000 & wait"
        let service = ScriptService(script: script, readyWithin: .milliseconds(500))
        try await expectFailure(of: service) { error, _ in
            #expect(error.what.contains("not ready after"))
            #expect(error.what.contains("says nothing"))
            #expect(error.lastLines == ["waiting"])
        }
    }

    @Test func whatRanBeforeGoesOnWhenANewcomerFails() async throws {
        try await TemporaryStack.with { stack in
            let before = try await stack.up()
            let wider = try NativeStack(home: stack.home, services: [RedisService(), ScriptService(script: "exit 1")])
            await #expect(throws: StackError.self) { try await wider.up() }
            #expect(try stack.state()["redis"] == before["redis"])
            #expect(try await stack.reports().map(\.state) == [.healthy])
        }
    }

    @Test func aCancelledStartLeavesNothing() async throws {
        let mute = ScriptService(script: "sleep 1000 & wait")
        try await TemporaryStack.with([RedisService(), mute]) { stack in
            let (redisIsReady, ready) = AsyncStream.makeStream(of: Void.self)
            let start = Task {
                try await stack.up { if case .ready = $0 { ready.finish() } }
            }
            for await _ in redisIsReady {}
            #expect(!stack.leftovers.isEmpty)
            start.cancel()
            await #expect(throws: CancellationError.self) { try await start.value }
            #expect(stack.leftovers.isEmpty)
        }
    }

    private func expectFailure(
        of service: ScriptService, _ check: (StackError, NativeStack) throws -> Void
    ) async throws {
        try await TemporaryStack.with([RedisService(), service]) { stack in
            let error = try await #require(throws: StackError.self) { try await stack.up() }
            #expect(error.service == "script")
            try check(error, stack)
            #expect(stack.leftovers.isEmpty)
            #expect(throws: StackError.self) { try stack.state() }
        }
    }
}

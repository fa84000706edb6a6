import Foundation
import Stack
import Testing

@Suite struct LockTests {
    @Test func theSecondFaultlineIsToldWhoTheFirstIs() async throws {
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let slow = ScriptService(
            script: "exit 0",
            onPrepare: { _ in
                enter.finish()
                for await _ in released {}
            })
        try await TemporaryStack.with([slow]) { stack in
            let first = Task { try await stack.up() }
            for await _ in entered {}
            for attempt in [{ try await stack.down() }, { _ = try await stack.up() }] {
                let error = try await #require(throws: StackError.self) { try await attempt() }
                #expect(error.what.contains("process \(ProcessInfo.processInfo.processIdentifier), `stack up`"))
                #expect(error.remedy?.contains(stack.home.lockFile) == true)
            }
            release.finish()
            await #expect(throws: StackError.self) { try await first.value }
            try await stack.down()
        }
    }
}

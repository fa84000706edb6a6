import Foundation
import Stack
import Stores

/// A stack of cheap services in a folder of its own, beside the one that all tests share.
struct TemporaryStack: Sendable {
    let stack: NativeStack

    init(services: [any StackService] = [RedisService()]) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/faultline-stack-\(UUID().uuidString)"
        let home = StackHome(project: try StackHome.standard().project, folder: folder)
        stack = try NativeStack(home: home, services: services)
    }

    /// Runs the body, then stops and deletes everything, whatever came of it.
    static func with(
        _ services: [any StackService] = [RedisService()], _ body: (NativeStack) async throws -> Void
    ) async throws {
        let temporary = try TemporaryStack(services: services)
        do {
            try await body(temporary.stack)
        } catch {
            try? await temporary.remove()
            throw error
        }
        try await temporary.remove()
    }

    private func remove() async throws {
        try await stack.down(purge: true)
        try FileManager.default.removeItem(atPath: stack.home.folder)
    }
}

extension NativeStack {
    /// Every process that this stack's services left on the machine.
    var leftovers: [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { id in
            guard let data = FileManager.default.contents(atPath: "/proc/\(id)/environ") else { return false }
            return data.split(separator: 0).contains { $0.elementsEqual("FAULTLINE_STACK=\(home.stack)".utf8) }
        }
    }

    func redis<Value: Sendable>(_ body: (RedisClient) async throws -> Value) async throws -> Value {
        let client = RedisClient(endpoint: try endpoints.redis, connections: 1)
        defer { client.close() }
        return try await body(client)
    }
}

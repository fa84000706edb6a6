import Faults
import Proxy
import Stores
import Wire

/// What came of one cell of the table.
struct ClientResult: Sendable {
    let cell: ClientCell
    let outcome: ClientOutcome
    /// How often the fault struck.
    let struck: Int
    /// How often the operation was asked for on the wire.
    let attempts: Int
    /// From the end of each attempt that was struck to the next, in nanoseconds.
    let gaps: [Int64]
    /// What there is afterwards, read past the link; `nil` where the service keeps nothing.
    let stored: Int?
}

/// The cells of the table in this run of the tests: each is tried once, whoever asks first.
enum ClientRun {
    /// Cells whose clients wait before they try again do so beside each other.
    private static let lanes = 6
    private static let tasks = started()

    static func result(of cell: ClientCell) async throws -> ClientResult {
        if let task = tasks[cell.testDescription] { return try await task.value }
        return try await alone.result(of: cell)
    }

    private static let alone = OneByOne()

    private static func started() -> [String: Task<ClientResult, any Error>] {
        var last = [Task<ClientResult, any Error>?](repeating: nil, count: lanes)
        var tasks: [String: Task<ClientResult, any Error>] = [:]
        for (number, cell) in ClientTable.cells.filter(\.client.waits).enumerated() {
            let before = last[number % lanes]
            let task = Task {
                _ = await before?.result
                return try await attempt(cell)
            }
            last[number % lanes] = task
            tasks[cell.testDescription] = task
        }
        return tasks
    }

    /// Remembers what came of the other cells.
    private actor OneByOne {
        private var results: [String: ClientResult] = [:]

        func result(of cell: ClientCell) async throws -> ClientResult {
            if let result = results[cell.testDescription] { return result }
            let result = try await attempt(cell)
            results[cell.testDescription] = result
            return result
        }
    }

    private static func attempt(_ cell: ClientCell) async throws -> ClientResult {
        let servers = try await ClientServers.prepared.value
        let service = cell.client.service
        let token = ClientServers.token()
        if cell.takesAway { try await servers.put(token, in: service) }
        let (outcome, struck, events) = try await ClientLinks.with(service) { links in
            try await links.apply(cell.window())
            async let outcome = cell.client.perform(cell.operation, at: links.address, token: token)
            if cell.fault.hasPrefix("hang"), cell.client.isPatient {
                // It would wait for ever, and is let go as soon as the fault holds it.
                try await links.eventually("the fault strikes") { try await links.struck() > 0 }
                let struck = try await links.struck()
                try await links.heal()
                return (try await outcome, struck, try await links.events())
            }
            let ended = try await outcome
            let struck = try await links.struck()
            try await links.heal()
            return (ended, struck, try await links.events())
        }
        return ClientResult(
            cell: cell, outcome: outcome, struck: struck, attempts: events.count { $0.asks(for: cell.wire) },
            gaps: gaps(in: events, of: cell.wire), stored: try await servers.count(token, in: service))
    }

    private static func gaps(in events: [WireEvent], of operation: String) -> [Int64] {
        let attempts = events.filter { $0.asks(for: operation) }.sorted { $0.time < $1.time }
        return attempts.indices.dropLast().compactMap { index in
            let whole = events.filter {
                $0.kind == .message && $0.connection == attempts[index].connection
                    && $0.exchange == attempts[index].exchange
            }
            guard whole.contains(where: { $0.window != 0 }), let end = whole.map(\.end).max() else { return nil }
            return attempts[(index + 1)...].first { $0.time >= end }.map { $0.time - end }
        }
    }
}

import Proxy
import Testing
import Wire

/// What each client makes of each fault, as the table says.
@Suite(.serialized) struct ClientTableTests {
    @Test(arguments: ClientTable.cells)
    func aClientMeetsAFault(_ cell: ClientCell) async throws {
        let servers = try await ClientServers.prepared.value
        let service = cell.client.service
        let token = ClientServers.token()
        if cell.operation == "delete" { try await servers.put(token, in: service) }
        try await ClientLinks.with(service) { links in
            try await links.apply(cell.window())
            let outcome = try await outcome(of: cell, token, links)
            cell.outcome.expect(outcome)
            let asked = try await links.events().filter { $0.asks(for: cell.wire) }
            #expect(cell.attempts.contains(asked.count), "attempts: \(asked.count)")
        }
        if let stored = cell.stored { #expect(try await servers.count(token, in: service) == stored) }
    }

    /// A client that would wait for ever is let go as soon as the fault holds it.
    private func outcome(of cell: ClientCell, _ token: String, _ links: ClientLinks) async throws -> ClientOutcome {
        async let outcome = cell.client.perform(cell.operation, at: links.address, token: token)
        if cell.fault.hasPrefix("hang"), cell.client.isPatient {
            try await links.eventually("the fault strikes") { try await links.struck() > 0 }
            try await links.heal()
            return try await outcome
        }
        let ended = try await outcome
        #expect(try await links.struck() > 0, "the fault never struck")
        try await links.heal()
        return ended
    }

    @Test func theTableIsLargeEnough() {
        #expect(ClientTable.cells.count >= 90)
        let faults = Set(ClientTable.cells.map { $0.fault.prefix { $0 != ":" } })
        #expect(faults.count >= 20, "\(faults.sorted())")
    }
}

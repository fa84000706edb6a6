import Proxy
import Testing
import Wire

/// What each client makes of each fault, as the table says.
@Suite(.serialized) struct ClientTableTests {
    @Test(arguments: ClientTable.cells)
    func aClientMeetsAFault(_ cell: ClientCell) async throws {
        let result = try await ClientRun.result(of: cell)
        cell.outcome.expect(result.outcome)
        #expect(result.struck > 0, "the fault never struck")
        #expect(cell.attempts.contains(result.attempts), "attempts: \(result.attempts)")
        if let stored = cell.stored { #expect(result.stored == stored) }
    }

    @Test func theTableIsLargeEnough() {
        #expect(ClientTable.cells.count >= 212)
        #expect(Set(ClientTable.cells.map(\.testDescription)).count == ClientTable.cells.count, "a cell is there twice")
        let faults = Set(ClientTable.cells.map { $0.fault.prefix { $0 != ":" } })
        #expect(faults.count >= 20, "\(faults.sorted())")
    }
}

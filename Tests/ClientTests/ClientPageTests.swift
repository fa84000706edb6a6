import Foundation
import Stack
import Testing

/// `docs/clients.md` says what this very run has seen.
@Suite struct ClientPageTests {
    /// With `FAULTLINE_CLIENTS_INTO` the file there is renewed instead.
    @Test func thePageSaysWhatTheClientsDo() async throws {
        var results: [ClientResult] = []
        for cell in ClientTable.cells { results.append(try await ClientRun.result(of: cell)) }
        var versions: [Client: String] = [:]
        for client in Set(ClientTable.cells.map(\.client)) { versions[client] = try await client.version() }
        let generated = ClientPage.text(of: results, versions: versions)
        let target = ProcessInfo.processInfo.environment["FAULTLINE_CLIENTS_INTO"].flatMap { $0.isEmpty ? nil : $0 }
        let path = try target ?? "\(NativeStack.current().home.project)/docs/clients.md"
        let page = try String(contentsOfFile: path, encoding: .utf8)
        let begin = try #require(page.range(of: ClientPage.begin), "\(path) has no line \(ClientPage.begin)")
        let end = try #require(page.range(of: ClientPage.end), "\(path) has no line \(ClientPage.end)")
        if target != nil {
            let renewed = page.replacingCharacters(in: begin.lowerBound..<end.upperBound, with: generated)
            try renewed.write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        let written = page[begin.lowerBound..<end.upperBound].split(separator: "\n")
        for change in generated.split(separator: "\n").difference(from: written) {
            switch change {
            case .insert(_, let line, _): Issue.record("\(path) lacks: \(line); run `make clients`")
            case .remove(_, let line, _): Issue.record("\(path) says what nobody saw: \(line); run `make clients`")
            }
        }
    }
}

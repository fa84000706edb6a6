import Foundation
import Stack

/// Notes of what runs have put into services, so that a run which was killed is cleaned up after by the next one.
package struct Leftovers: Sendable {
    /// What one run made.
    struct Note: Sendable, Codable {
        var token: String
        var bucket: String
        var temporaryFolder: String
        /// Ids that the stores may hold.
        var documents: [String]
        var owner: ProcessIdentity
        var boot: String
    }

    /// Holds a file a run.
    package let folder: String

    package init(folder: String) { self.folder = folder }

    /// Beside the stack's state.
    package static func standard() throws -> Leftovers {
        Leftovers(folder: try StackHome.standard().folder + "/runs")
    }

    func write(_ note: Note) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try JSONEncoder().encode(note).write(to: URL(fileURLWithPath: path(of: note.token)), options: .atomic)
    }

    func remove(_ token: String) { try? FileManager.default.removeItem(atPath: path(of: token)) }

    /// Notes whose run is no more.
    func abandoned() -> [Note] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { $0.hasSuffix(".json") }.compactMap { name in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                let note = try? JSONDecoder().decode(Note.self, from: data)
            else { return nil }
            return note.boot == ProcessIdentity.boot && note.owner.isAlive ? nil : note
        }
    }

    private func path(of token: String) -> String { "\(folder)/\(token).json" }
}

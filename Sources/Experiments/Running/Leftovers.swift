import Foundation
import Stack

/// Notes of what runs have put into services, so that a run which was killed is cleaned up after by the next one.
package struct Leftovers: Sendable {
    /// What one run made.
    struct Note: Sendable, Codable {
        var token: String
        /// The system file; nil for the reference worker on the native stack.
        var system: String?
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

    /// Notes of runs on a system that are no more.
    func abandoned(of system: String?) -> [Note] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { $0.hasSuffix(".json") }.compactMap { name in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                let note = try? JSONDecoder().decode(Note.self, from: data)
            else { return nil }
            let isAlive = note.boot == ProcessIdentity.boot && note.owner.isAlive
            return isAlive || note.system != system ? nil : note
        }
    }

    private func path(of token: String) -> String { "\(folder)/\(token).json" }
}

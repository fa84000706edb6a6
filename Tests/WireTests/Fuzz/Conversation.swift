import Foundation
import Testing
import Wire

/// All that a client and its server have sent each other over one connection.
struct Conversation: Sendable, CustomTestStringConvertible {
    var name: String
    var request: [UInt8]
    var response: [UInt8]

    var testDescription: String { name }

    subscript(_ direction: Direction) -> [UInt8] {
        get { direction == .request ? request : response }
        set { if direction == .request { request = newValue } else { response = newValue } }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Corpus")

    /// What was recorded between real clients and servers, without credentials, and what a fuzzer has found (`found-...`).
    static func corpus(_ protocolName: String) -> [Conversation] {
        let folder = folder.appending(path: protocolName)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".request") }.sorted().map { file in
            let name = String(file.dropLast(".request".count))
            return Conversation(
                name: name, request: bytes(folder, "\(name).request"), response: bytes(folder, "\(name).response"))
        }
    }

    private static func bytes(_ folder: URL, _ file: String) -> [UInt8] {
        (try? Data(contentsOf: folder.appending(path: file))).map { Array($0) } ?? []
    }

    /// Keeps it in the corpus.
    func keep(as protocolName: String) {
        let folder = Self.folder.appending(path: protocolName)
        try? Data(request).write(to: folder.appending(path: "\(name).request"))
        try? Data(response).write(to: folder.appending(path: "\(name).response"))
    }
}

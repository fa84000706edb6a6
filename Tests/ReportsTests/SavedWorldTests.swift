import Consistency
import Foundation
import Reports
import Testing

@Suite struct SavedWorldTests {
    private static let world: World = {
        let keys = (0..<40).map { "key-\($0)" }
        let submission = Submission(
            id: "s", document: "d", kind: .ingest, contentDigest: "00", result: .succeeded)
        return World(
            run: "r", submissions: [submission],
            kinds: [.postgres: [.document, .chunk, .entity], .redis: [.document, .entity]],
            footprints: [.postgres: [Footprint(document: "d", records: [Record(kind: .document, key: "d")])]],
            orphans: [Orphan(store: .neo4j, kind: .entity, key: "Ada")], orphansSought: [.redis, .postgres, .neo4j],
            links: [LinkTraffic(link: "s3", service: "s3", messages: 2, bytes: 3, keys: Set(keys))],
            unreadable: [.redis: "it is gone"])
    }()

    private func file(_ data: Data, _ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "faultline-world-\(UUID().uuidString).json"
        try data.write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test func whatIsReadIsWhatWasWritten() throws {
        try file(SavedWorld.encode(Self.world)) { path in
            let (world, file) = try SavedWorld.read(path)
            #expect(world == Self.world)
            #expect(file == path)
        }
    }

    /// The seed of hashing differs from process to process, so order is looked at rather than two files.
    @Test func setsAreSorted() throws {
        let tree = try #require(
            try JSONSerialization.jsonObject(with: SavedWorld.encode(Self.world)) as? [String: Any])
        let links = try #require(tree["links"] as? [[String: Any]])
        let keys = try #require(links[0]["keys"] as? [String])
        #expect(keys.count == 40 && keys == keys.sorted())
        #expect(tree["orphansSought"] as? [String] == ["neo4j", "postgres", "redis"])
        let kinds = try #require(tree["kinds"] as? [String: [String]])
        #expect(kinds["postgres"] == ["chunk", "document", "entity"])
    }

    @Test func aFolderStandsForItsWorld() throws {
        let folder = NSTemporaryDirectory() + "faultline-run-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SavedWorld.encode(Self.world).write(to: URL(fileURLWithPath: folder + "/world.json"))
        #expect(try SavedWorld.read(folder).world == Self.world)
        #expect(try SavedWorld.read(folder + "/").file == folder + "/world.json")
    }

    @Test(arguments: [
        ("", "is no JSON object"), ("[]", "is no JSON object"), (#"{"format": 99}"#, "has the format 99"),
        (#"{"format": 1}"#, "is missing"), (#"{"format": 1, "run": 7}"#, "'run' has another form"),
        (#"{"format": 1, "run": "r", "submissions": [{"id": "s"}]}"#, "'submissions[0].document' is missing"),
    ])
    func brokenFilesAreTold(text: String, what: String) throws {
        try file(Data(text.utf8)) { path in
            let error = #expect(throws: ReportError.self) { try SavedWorld.read(path) }
            #expect(error?.file == path)
            #expect(error?.what.contains(what) == true, "\(error?.what ?? "")")
            #expect(error?.mend.isEmpty == false)
        }
    }

    @Test func aMissingFileIsTold() {
        let error = #expect(throws: ReportError.self) { try SavedWorld.read("/nowhere/world.json") }
        #expect(error?.what == "there is no such file or folder")
    }
}

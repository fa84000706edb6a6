import Consistency
import Testing

/// Every single corruption of a healthy world must be seen by the invariants that are there for it.
struct CorruptionTests {
    /// Twenty documents, with every kind of submission and result.
    private static let healthy: World = {
        var documents: [(submission: Submission, content: String?)] = (0..<14).map { number in
            (Submission(document: "d\(number)", content: "c\(number)", .succeeded), "c\(number)")
        }
        documents.append((Submission(document: "reingested", content: "old", .succeeded), "new"))
        documents.append((Submission(document: "restored", content: "old", .succeeded), "old"))
        documents.append((Submission(document: "deleted", content: "c", .succeeded), nil))
        documents.append((Submission(document: "undone", content: "c", .rolledBack), nil))
        documents.append((Submission(document: "whole", content: "c", .unknown), "c"))
        documents.append((Submission(document: "gone", content: "c", .unknown), nil))
        var world = World.of(documents)
        world.submissions += [
            Submission(document: "reingested", .reingest, content: "new", .succeeded),
            Submission(document: "restored", .reingest, content: "new", .rolledBack),
            Submission(document: "deleted", .delete, .succeeded),
            Submission(document: "d0", .duplicate, .succeeded),
        ]
        return world
    }()

    struct Corruption: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Invariants that must see it.
        let seenBy: Set<String>
        let apply: @Sendable (inout World) -> Void

        init(_ title: String, seenBy: Set<String>, _ apply: @escaping @Sendable (inout World) -> Void) {
            testDescription = title
            self.seenBy = seenBy
            self.apply = apply
        }
    }

    static let corruptions: [Corruption] =
        Store.allCases.map { store in
            Corruption("a document lost in \(store)", seenBy: ["atomic", "result-agrees"]) { world in
                world.change("d3", in: store) { $0 = [] }
            }
        }
        + Store.allCases.map { store in
            Corruption("leftovers of a rolled-back document in \(store)", seenBy: ["atomic", "result-agrees"]) {
                world in
                world.change("undone", in: store) {
                    $0 = [store == .qdrant ? Record(kind: .chunk, key: "0") : Record(kind: .document, key: "undone")]
                }
            }
        }
        + Store.allCases.map { store in
            Corruption("a chunk lost in \(store)", seenBy: ["complete"]) { world in
                world.change("d5", in: store) { $0.removeAll { $0.kind == .chunk && $0.key == "1" } }
            }
        }
        + Store.allCases.map { store in
            Corruption("a chunk too many in \(store)", seenBy: ["complete"]) { world in
                world.change("whole", in: store) { $0.append(Record(kind: .chunk, key: "2", digest: "c/2")) }
            }
        }
        + Store.allCases.map { store in
            Corruption("another chunk digest in \(store)", seenBy: ["same-content"]) { world in
                world.change("d7", in: store) { records in
                    records[records.firstIndex { $0.kind == .chunk }!].digest = "rotten"
                }
            }
        }
        + Store.allCases.map { store in
            Corruption("a chunk twice in \(store)", seenBy: ["no-duplicates"]) { world in
                world.change("d8", in: store) { records in records.append(records.last { $0.kind == .chunk }!) }
            }
        }
        + [
            Corruption("an entity lost", seenBy: ["complete"]) { world in
                world.change("d4", in: .neo4j) { $0.removeAll { $0.key == "Acme" } }
            },
            Corruption("an entity too many", seenBy: ["complete"]) { world in
                world.change("d4", in: .postgres) { $0.append(Record(kind: .entity, key: "Nobody")) }
            },
            Corruption("a document's own record lost", seenBy: ["complete"]) { world in
                world.change("d6", in: .redis) { $0.removeAll { $0.kind == .document } }
            },
            Corruption("another document digest", seenBy: ["same-content"]) { world in
                world.change("d9", in: .postgres) { $0[0].digest = "rotten" }
            },
            Corruption("former content everywhere", seenBy: ["same-content"]) { world in
                world.changeEverywhere("reingested") { records in
                    for index in records.indices where records[index].kind == .document {
                        records[index].digest = "old"
                    }
                }
            },
            Corruption("rolled-back content everywhere", seenBy: ["same-content"]) { world in
                world.changeEverywhere("restored") { records in
                    for index in records.indices where records[index].kind == .document {
                        records[index].digest = "new"
                    }
                }
            },
            Corruption("a former version lost in a rollback", seenBy: ["result-agrees"]) { world in
                world.changeEverywhere("restored") { $0 = [] }
            },
            Corruption("a success without data", seenBy: ["result-agrees"]) { world in
                world.changeEverywhere("d10") { $0 = [] }
            },
            Corruption("a deleted document still there", seenBy: ["result-agrees"]) { world in
                for store in Store.allCases { world.copy("d1", to: "deleted", in: store) }
            },
            Corruption("half a document behind an unknown result", seenBy: ["atomic", "result-agrees"]) { world in
                world.change("whole", in: .postgres) { $0 = [] }
            },
            Corruption("an orphan", seenBy: ["no-orphans"]) { world in
                world.orphans = [Orphan(store: .qdrant, document: "undone", kind: .chunk, key: "0")]
            },
            Corruption("a document under two ids", seenBy: ["no-duplicates"]) { world in
                world.submissions.append(Submission(document: "d2", .duplicate, storedID: "d2-again", .succeeded))
                for store in Store.allCases {
                    world.copy("d2", to: "d2-again", in: store)
                }
            },
            Corruption("a link gone round", seenBy: ["no-bypass"]) { world in
                world.links[4].messages = 0
            },
            Corruption("one document fetched round the link", seenBy: ["no-bypass"]) { world in
                world.links[0].keys!.remove("d11")
            },
        ]

    @Test func theHealthyWorldIsHeld() {
        #expect(Set(Self.healthy.documents.map(\.document)).count == 20)
        let judgement = Checker.check(Self.healthy)
        #expect(judgement.violations == [])
        #expect(judgement.doubts == [])
        #expect(judgement.verdict == .held)
    }

    @Test(arguments: corruptions)
    func everyCorruptionIsSeen(corruption: Corruption) {
        var world = Self.healthy
        corruption.apply(&world)
        #expect(world != Self.healthy)
        #expect(Set(Checker.check(world).violations.map(\.invariant)) == corruption.seenBy)
    }

    @Test func everyInvariantCanBeViolated() {
        let seen = Self.corruptions.reduce(into: Set<String>()) { $0.formUnion($1.seenBy) }
        #expect(seen == Set(Checker.invariants.map { type(of: $0).name }))
    }
}

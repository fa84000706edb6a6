import Consistency
import Testing

/// Every single corruption of a healthy world must be seen by the invariants that are there for it.
struct CorruptionTests {
    /// Documents with every kind of submission and result. Those of the baseline stood as `old`; the rest was new.
    private static let healthy: World = {
        var documents: [(submission: Submission, content: String?)] = (0..<14).map { number in
            (Submission(document: "d\(number)", content: "c\(number)", .succeeded), "c\(number)")
        }
        documents.append((Submission(document: "undone", content: "c", .rolledBack), nil))
        documents.append((Submission(document: "whole", content: "c", .unknown), "c"))
        documents.append((Submission(document: "gone", content: "c", .unknown), nil))
        let before = [
            ("untouched", "old"), ("reingested", "new"), ("restored", "old"), ("deleted", nil), ("kept", "old"),
            ("repeated", "old"), ("spared", "old"), ("raced", "newer"), ("raced-away", nil), ("doubtful", "new"),
            ("tried-twice", "old"),
        ]
        documents += before.map { document, content in
            (Submission(document: document, content: "old", isBaseline: true, .succeeded), content)
        }
        var world = World.of(documents, former: Dictionary(uniqueKeysWithValues: before.map { ($0.0, "old") }))
        world.submissions += [
            Submission(document: "reingested", .reingest, content: "new", at: 1...2, .succeeded),
            Submission(document: "restored", .reingest, content: "new", at: 1...2, .rolledBack),
            Submission(document: "deleted", .delete, at: 1...2, .succeeded),
            Submission(document: "kept", .delete, at: 1...2, .rolledBack),
            Submission(document: "repeated", .duplicate, content: "old", at: 1...2, .succeeded),
            Submission(document: "spared", .duplicate, content: "old", at: 1...2, .rolledBack),
            Submission(document: "raced", .reingest, content: "new", at: 1...4, .succeeded),
            Submission(document: "raced", .reingest, content: "newer", at: 2...3, .succeeded),
            Submission(document: "raced-away", .reingest, content: "new", at: 1...4, .succeeded),
            Submission(document: "raced-away", .delete, at: 2...3, .succeeded),
            Submission(document: "doubtful", .reingest, content: "new", at: 1...2, .unknown),
            Submission(document: "tried-twice", .reingest, content: "new", at: 1...4, .rolledBack),
            Submission(document: "tried-twice", .delete, at: 2...3, .rolledBack),
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
        + Store.allCases.map { store in
            Corruption("a deleted document left in \(store)", seenBy: ["atomic", "result-agrees"]) { world in
                world.footprints[store]!["deleted"] = world.former[store]!["deleted"]
            }
        }
        + Store.allCases.map { store in
            Corruption("a stale chunk beyond the new ones in \(store)", seenBy: ["complete"]) { world in
                world.change("reingested", in: store) { $0.append(Record(kind: .chunk, key: "2", digest: "old/2")) }
            }
        }
        + Store.allCases.map { store in
            Corruption("a stale chunk among the new ones in \(store)", seenBy: ["same-content"]) { world in
                world.change("reingested", in: store) { records in
                    records[records.firstIndex { $0.kind == .chunk }!].digest = "old/0"
                }
            }
        }
        + Store.allCases.map { store in
            Corruption("the loser of two at once in \(store)", seenBy: ["same-content"]) { world in
                world.footprints[store]!["raced"] = Record.all(of: "raced", content: "new", world.kinds[store]!)
            }
        }
        + Store.allCases.map { store in
            Corruption("half a race with a deletion in \(store)", seenBy: ["atomic", "result-agrees"]) { world in
                world.footprints[store]!["raced-away"] = Record.all(
                    of: "raced-away", content: "new", world.kinds[store]!)
            }
        }
        + ["restored", "kept", "spared", "tried-twice"].flatMap { document in
            Store.allCases.map { store in
                Corruption(
                    "the former version of \(document) lost in \(store)",
                    seenBy: [
                        "atomic", "result-agrees", "restored",
                    ]
                ) { world in
                    world.change(document, in: store) { $0 = [] }
                }
            } + [
                Corruption("the former version of \(document) lost everywhere", seenBy: ["result-agrees", "restored"]) {
                    world in
                    world.changeEverywhere(document) { $0 = [] }
                },
                Corruption("an entity of the former version of \(document) lost everywhere", seenBy: ["restored"]) {
                    world in
                    world.changeEverywhere(document) { $0.removeAll { $0.key == "Acme" } }
                },
                Corruption("other chunks of the former version of \(document) everywhere", seenBy: ["restored"]) {
                    world in
                    world.changeEverywhere(document) { records in
                        for index in records.indices where records[index].kind == .chunk {
                            records[index].digest = "new/\(records[index].key)"
                        }
                    }
                },
                Corruption("a chunk of \(document) twice", seenBy: ["no-duplicates", "restored"]) { world in
                    world.change(document, in: .postgres) { records in
                        records.append(records.last { $0.kind == .chunk }!)
                    }
                },
            ]
        }
        + Residue.Kind.allCases.map { kind in
            Corruption("\(kind.rawValue) left behind", seenBy: ["no-residue"]) { world in
                world.residue = [Residue(kind: kind, name: "it")]
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
                world.store("old", of: "reingested")
            },
            Corruption("rolled-back content everywhere", seenBy: ["same-content", "restored"]) { world in
                world.store("new", of: "restored")
            },
            Corruption("content of neither of two at once", seenBy: ["same-content"]) { world in
                world.store("old", of: "raced")
            },
            Corruption("content of no submission behind an unknown result", seenBy: ["same-content"]) { world in
                world.store("newest", of: "doubtful")
            },
            Corruption("a document lost under duplicates", seenBy: ["result-agrees"]) { world in
                world.changeEverywhere("repeated") { $0 = [] }
            },
            Corruption("a document that nothing was asked of lost", seenBy: ["result-agrees"]) { world in
                world.changeEverywhere("untouched") { $0 = [] }
            },
            Corruption("chunks of the former version behind the new ones in every store", seenBy: ["complete"]) {
                world in
                world.changeEverywhere("reingested") { $0.append(Record(kind: .chunk, key: "2", digest: "old/2")) }
            },
            Corruption("a chunk lost in every store", seenBy: ["complete"]) { world in
                world.changeEverywhere("d12") { $0.removeAll { $0.kind == .chunk && $0.key == "1" } }
            },
            Corruption("a success without data", seenBy: ["result-agrees"]) { world in
                world.changeEverywhere("d10") { $0 = [] }
            },
            Corruption("a deleted document still there", seenBy: ["result-agrees"]) { world in
                world.store("old", of: "deleted")
            },
            Corruption("half a document behind an unknown result", seenBy: ["atomic", "result-agrees"]) { world in
                world.change("whole", in: .postgres) { $0 = [] }
            },
            Corruption("two vectors that changed places", seenBy: ["right-vectors"]) { world in
                world.change("d6", in: .qdrant) { records in
                    for index in records.indices { records[index].vector = .other }
                }
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
        #expect(Set(Self.healthy.documents.map(\.document)).count == 28)
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

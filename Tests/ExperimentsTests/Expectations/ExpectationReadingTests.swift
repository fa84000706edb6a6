import Experiments
import Faults
import Foundation
import Testing
import Wire

@Suite struct ExpectationReadingTests {
    private static let head = "name: a\ntitle: A\nworkload: { documents: 1 }\n"

    private func read(
        _ rest: String, links: [String: LinkTraits] = ReferenceLinks.traits
    ) throws -> Experiment {
        try TemporaryFolder.with { folder in
            let path = folder + "/e.yaml"
            try Data((Self.head + rest).utf8).write(to: URL(fileURLWithPath: path))
            return try Experiment.read(path, root: folder, links: links)
        }
    }

    @Test(arguments: [
        ("expect:\n  - retries: { on: redis, none-after: [401] }\n", "write a word in capitals"),
        ("expect:\n  - retries: { on: neo4j, none-after: [NOPERM] }\n", "write Neo.CLASSIFICATION.CATEGORY.TITLE"),
        ("expect:\n  - retries: { on: s3, retry-after: ignored }\n", "has no value 'ignored'"),
        ("expect:\n  - retries: { on: s3, none-after: [] }\n", "is empty; name the codes"),
        ("expect:\n  - retries: { on: s3, none-after: [42501] }\n", "a whole number from 100 to 599"),
        ("expect:\n  - retries: { on: postgres, none-after: [401] }\n", "write five capital letters and digits"),
        ("expect:\n  - retries: { on: s3, wait-at-least: 100 }\n", "has no unit"),
        ("expect:\n  - gives-up: { on: s3 }\n", "needs the option 'within'"),
        ("expect:\n  - gives-up: { on: s4, within: 1s }\n", "names no link: 's4'"),
        ("expect:\n  - rollback: { within: 1s, on: [s3, s4] }\n", "names no link: 's4'"),
        ("expect:\n  - rollback: { within: 1s, on: [] }\n", "is empty"),
        ("expect:\n  - fired: { on: s3, fault: x }\n", "stands beside 'fault'"),
        ("expect:\n  - fired: { fault: lost }\n", "names no fault of the experiment: 'lost'; it has none"),
        ("expect:\n  - fired: { at-least: 0 }\n", "a whole number"),
        ("expect:\n  - retries: { on: s4, at-most: 0 }\n", "names no link: 's4'"),
        ("expect:\n  - retries: { on: s3 }\n", "claims nothing"),
        ("expect:\n  - retries: { on: s3, at-least: 2, at-most: 1 }\n", "is more than 'at-most'"),
        ("expect:\n  - documents: { succeed: most }\n", "write all, 48, 90%, or a range"),
        ("expect:\n  - documents: { succeed: 120% }\n", "must be an amount, not '120%'"),
        ("expect:\n  - document: { succeed: all }\n", "names no expectation: 'document'"),
        ("expect:\n  - documents: { succed: all }\n", "has no option 'succed'"),
        ("faults:\n  - { on: s3, inject: { remove-haeder: { name: a } } }\n", "did you mean 'remove-header'?"),
    ])
    func refuses(text: String, words: String) throws {
        let error = try #require(throws: SpecError.self) { _ = try read(text) }
        #expect("\(error)".contains(words), "\(error)")
        #expect(error.line == 5)
    }

    @Test func aFaultThatIsNamedIsOneOfTheExperiment() throws {
        let faults = "faults:\n  - { on: s3, name: lost, inject: reset }\n  - { on: redis, inject: reset }\n"
        for name in ["lost", "reset on redis"] {
            #expect(try read(faults + "expect:\n  - fired: { fault: \(name) }\n").expectations.count == 1)
        }
        let error = try #require(throws: SpecError.self) {
            _ = try read(faults + "expect:\n  - fired: { fault: lots }\n")
        }
        #expect(
            "\(error)".hasSuffix(
                """
                e.yaml:8: expect[0].fired.fault names no fault of the experiment: 'lots'; known faults: lost, \
                reset on redis (did you mean 'lost'?)
                """))
    }

    @Test(arguments: [
        (
            "expect:\n  - retries: { on: cache, at-most: 0 }\n",
            "e.yaml:5: expect[0].retries.on names the link 'cache', which speaks tcp: calls cannot be seen on it; "
                + "name one of s3"
        ),
        (
            "expect:\n  - undone: { on: cache, operation: DEL }\n",
            "e.yaml:5: expect[0].undone.operation is for links where operations can be seen; "
                + "leave it out: any request counts"
        ),
    ])
    func refusesCallsOnALinkOfBytes(text: String, words: String) throws {
        let links = ["s3": LinkTraits(.http, service: .s3), "cache": LinkTraits(.tcp, service: .redis)]
        let error = try #require(throws: SpecError.self) { _ = try read(text, links: links) }
        #expect("\(error)".hasSuffix(words), "\(error)")
    }

    @Test func codesThatAreFinalAreThoseOfTheProtocol() throws {
        for (link, code) in [
            ("s3", "403"), ("postgres", "42501"), ("redis", "NOPERM"), ("neo4j", "Neo.ClientError.Security.Forbidden"),
        ] {
            let experiment = try read("expect:\n  - retries: { on: \(link), none-after: [\(code)] }\n")
            #expect((experiment.expectations.first as? RetriesExpectation)?.rules == [.noneAfter([code])])
        }
    }

    @Test func numbersWindowsFromOne() throws {
        let fault = "{ on: s3, inject: { remove-header: { name: a } } }"
        let experiment = try read("faults:\n  - \(fault)\n  - \(fault)\nexpect:\n  - documents: { succeed: 90% }\n")
        #expect(experiment.windows.map(\.id) == [1, 2])
        #expect((experiment.expectations.first as? DocumentsExpectation)?.succeed == .share(0.9))
    }

    @Test func everyExampleOfTheCatalogueCanBeRead() throws {
        for type in ExpectationCatalogue.all {
            #expect(try read("expect:\n  - \(type.name): \(type.example)\n").expectations.count == 1)
        }
    }
}

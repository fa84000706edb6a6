import Experiments
import Faults
import Testing
import Wire

/// The sections that `faultline faults NAME` shows can be copied into an experiment.
struct FaultExampleTests {
    private static let links: [String: LinkTraits] = [
        "s3": LinkTraits(.http, service: .s3), "openai": LinkTraits(.http, service: .openai),
        "qdrant": LinkTraits(.http, service: .qdrant), "postgres": LinkTraits(.postgres, service: .postgres),
        "redis": LinkTraits(.redis, service: .redis), "neo4j": LinkTraits(.bolt, service: .neo4j),
    ]

    @Test(arguments: FaultCatalogue.all.map { $0.kind }) func theSectionCanBeRead(kind: String) throws {
        let fault = try #require(FaultCatalogue.all.first { $0.kind == kind })
        var spec = try Spec(file: "a.yaml", root: YAMLFile.parse(fault.exampleSection, file: "a.yaml"))
        let entries = try spec.required("faults", .list(of: .spec))
        let windows = try WindowReader.read(entries, links: Self.links, processes: .reference)
        #expect(windows.contains { type(of: $0.fault).kind == kind })
    }
}

import Ingestion
import Testing

struct EntityExtractorTests {
    @Test func kinds() {
        let text = """
            Driver Anna Lindqvist took load LD-501 from Rotterdam Harbour to (Västra Depot). The invoice INV-1001 \
            over €250 went to Bergström Freight, Delta Marine Lines and Émile Rousseau. Truck TRK-12 waits. \
            Write to Desk@Freight.example! Monday was quiet, INV-x too.
            """
        let found = EntityExtractor().entities(in: text).map { "\($0.name): \($0.kind.rawValue)" }
        #expect(
            found == [
                "Anna Lindqvist: person", "LD-501: load", "Rotterdam Harbour: location", "Västra Depot: location",
                "INV-1001: invoice", "€250: concept", "Bergström Freight: organization",
                "Delta Marine Lines: organization", "Émile Rousseau: person", "TRK-12: equipment",
                "desk@freight.example: other",
            ])
    }

    @Test func aNameDoesNotCrossALineOrPunctuation() {
        let found = EntityExtractor().entities(in: "Anna Lindqvist\nGreta Hoffmann. Miller Yard, Porto Depot")
        #expect(found.map(\.name) == ["Anna Lindqvist", "Greta Hoffmann", "Miller Yard", "Porto Depot"])
    }

    @Test func isCappedAndUnique() {
        let text = (0..<500).map { "INV-\($0) INV-\($0)" }.joined(separator: " ")
        let found = EntityExtractor(countMax: 20).entities(in: text)
        #expect(found.count == 20)
        #expect(Set(found).count == 20)
    }

    @Test(arguments: DocumentFormat.allCases.filter { $0 != .pdf })
    func corpusDocumentsShareEntities(_ format: DocumentFormat) throws {
        let corpus = Corpus(seed: 5)
        let names = try (0..<2).map { index in
            let document = corpus.document(index: index, format: format, size: 8192)
            let text = try DocumentParser.parse(document.bytes, as: format).text
            return Set(EntityExtractor().entities(in: text).map(\.name))
        }
        #expect(names[0].intersection(names[1]).count >= 5)
    }
}

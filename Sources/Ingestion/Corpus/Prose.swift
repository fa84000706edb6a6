/// An endless text about freight, sentence by sentence. The first sentence names document and revision, so no two are alike.
struct Prose {
    let title: String
    private let opening: String
    private var random: SplitMix64
    private var count = 0

    init(seed: UInt64, document: Int, revision: Int) {
        random = SplitMix64(seed: seed, "prose", String(document), String(revision))
        title = "Freight report \(document)"
        opening = "This is report \(document) in revision \(revision) of series \(seed)."
    }

    mutating func sentence() -> String {
        count += 1
        guard count > 1 else { return opening }
        switch random.below(5) {
        case 0:
            return "Driver \(pick(Vocabulary.drivers)) took \(number(2, 40)) pallets of \(pick(Vocabulary.goods)) "
                + "from \(pick(Vocabulary.places)) to \(pick(Vocabulary.places))."
        case 1:
            return "Invoice \(invoice()) over €\(number(200, 9000)) went to \(pick(Vocabulary.customers)) "
                + "for load \(load())."
        case 2:
            return "Truck TRK-\(number(10, 40)) of \(pick(Vocabulary.customers)) was weighed at "
                + "\(pick(Vocabulary.places)) with \(number(4000, 38000)) kg of \(pick(Vocabulary.goods))."
        case 3:
            return "Questions about load \(load()) are answered by \(pick(Vocabulary.drivers)) "
                + "at desk\(number(1, 9))@freight.example."
        default: return pick(Vocabulary.remarks) + "."
        }
    }

    mutating func paragraph() -> String {
        (0..<(2 + random.below(5))).map { _ in sentence() }.joined(separator: " ")
    }

    /// One row of a table: customer, driver, from, to, invoice, amount, goods.
    mutating func row() -> [String] {
        [
            pick(Vocabulary.customers), pick(Vocabulary.drivers), pick(Vocabulary.places), pick(Vocabulary.places),
            invoice(), "€\(number(200, 9000))", pick(Vocabulary.goods),
        ]
    }

    static let columns = ["customer", "driver", "origin", "destination", "invoice", "amount", "goods"]

    mutating func pick(_ names: [String]) -> String { names[random.below(names.count)] }
    private mutating func number(_ low: Int, _ high: Int) -> Int { low + random.below(high - low + 1) }
    private mutating func invoice() -> String { "INV-\(number(1001, 1040))" }
    private mutating func load() -> String { "LD-\(number(501, 540))" }
}

/// Finds entities by their looks: capitalised names of two to four words, numbered papers and vehicles, e-mail addresses, amounts of money.
/// Deterministic. The kind depends on the name alone, so that concurrent documents agree on it. Linear in the text's size.
package struct EntityExtractor: Sendable {
    /// Entities of a document beyond this many are left out.
    package var countMax: Int

    package init(countMax: Int = 64) {
        self.countMax = countMax
    }

    /// Each entity once, those first that the text mentions first.
    package func entities(in text: String) -> [Entity] {
        var found: [Entity] = []
        var seen: Set<String> = []
        var name: [Word] = []

        func flush() {
            defer { name.removeAll(keepingCapacity: true) }
            guard let entity = Self.entity(of: name), seen.insert(entity.name).inserted else { return }
            found.append(entity)
        }
        var copy = text
        copy.withUTF8 { bytes in
            var words = Words(bytes)
            while found.count < countMax, let word = words.next() {
                if word.isNumbered || !word.isCapitalised {
                    flush()
                    if !word.isCapitalised || word.isNumbered { name = [word] }
                    flush()
                } else {
                    if name.count == Self.wordsMax { flush() }
                    name.append(word)
                    if word.endsName { flush() }
                }
            }
        }
        if found.count < countMax { flush() }
        return found
    }

    private static let wordsMax = 4

    private static func entity(of words: [Word]) -> Entity? {
        guard let last = words.last else { return nil }
        if words.count == 1 { return single(last.text) }
        let known = words.first.map { leading.contains($0.text) } == true ? Array(words.dropFirst()) : words
        guard known.count >= 2 else { return nil }
        let name = known.map(\.text).joined(separator: " ")
        return Entity(name: name, kind: suffixes[last.text] ?? .person)
    }

    private static func single(_ word: String) -> Entity? {
        if let dash = word.firstIndex(of: "-"), let kind = prefixes[String(word[..<dash])],
            word[word.index(after: dash)...].allSatisfy({ $0.isASCII && $0.isNumber })
        {
            return Entity(name: word, kind: kind)
        }
        if let at = word.firstIndex(of: "@"), at != word.startIndex, word[at...].dropFirst().contains(".") {
            return Entity(name: word.lowercased(), kind: .other)
        }
        let isMoney = ["$", "€", "£"].contains(word.prefix(1)) && word.dropFirst().first?.isNumber == true
        return isMoney ? Entity(name: word, kind: .concept) : nil
    }

    /// Words that begin a sentence rather than a name.
    private static let leading: Set<String> = [
        "A", "After", "An", "At", "Before", "By", "Customer", "Dear", "Driver", "For", "From", "In", "Near", "On",
        "Our",
        "The", "To", "Via", "When", "With",
    ]

    private static let prefixes: [String: Entity.Kind] = [
        "INV": .invoice, "LD": .load, "CUST": .customer, "DRV": .driver, "TRK": .equipment, "TRL": .equipment,
        "SKU": .product,
    ]

    private static let suffixes: [String: Entity.Kind] = [
        "AG": .organization, "Brothers": .organization, "Cargo": .organization, "Company": .organization,
        "Corporation": .organization, "Freight": .organization, "GmbH": .organization, "Group": .organization,
        "Inc": .organization, "LLC": .organization, "Lines": .organization, "Logistics": .organization,
        "Ltd": .organization, "Haulage": .organization, "SA": .organization, "Transport": .organization,
        "Airport": .location, "Depot": .location, "Harbour": .location, "Port": .location, "Street": .location,
        "Terminal": .location, "Warehouse": .location, "Yard": .location, "Crane": .equipment, "Forklift": .equipment,
        "Reefer": .equipment, "Trailer": .equipment, "Truck": .equipment, "Pallet": .product, "Container": .product,
    ]
}

extension SpecType where Value == Double {
    /// A share from 0 to 1, written `80%` or `0.8`.
    package static var percent: SpecType {
        .scalar("a share", example: "80%", mend: "write one from 0% to 100%, or from 0 to 1") { text in
            let isPercent = text.hasSuffix("%")
            let number = Quantity.number(isPercent ? String(text.dropLast()) : text)
            return number.map { isPercent ? $0 / 100 : $0 }.flatMap { (0...1).contains($0) ? $0 : nil }
        }
    }
}

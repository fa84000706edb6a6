/// The text of a CSV file (RFC 4180: quotes, doubled quotes, line ends inside quotes): a paragraph a row, each field named by its column.
enum CSVText {
    static func extract(_ source: String) -> String {
        var rows = CSVRows(source)
        guard let header = rows.next() else { return "" }
        var text = header.joined(separator: ", ") + "\n"
        while let row = rows.next() {
            text += "\n"
            for (column, field) in row.enumerated() where !field.isEmpty {
                if column < header.count, !header[column].isEmpty { text += header[column] + ": " }
                text += field + (column + 1 < row.count ? "; " : "")
            }
            text += "\n"
        }
        return text
    }
}

/// Rows of fields; blank lines are skipped, an unclosed quote ends with the file.
private struct CSVRows: IteratorProtocol {
    private let source: [UInt8]
    private var position = 0

    init(_ source: String) {
        self.source = Array(source.utf8)
    }

    mutating func next() -> [String]? {
        while position < source.count {
            let row = readRow()
            if row.count > 1 || row.first?.isEmpty == false { return row }
        }
        return nil
    }

    private mutating func readRow() -> [String] {
        var row: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        while position < source.count {
            let byte = source[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                let isDoubled = isQuoted && position < source.count && source[position] == byte
                if isDoubled {
                    field.append(byte)
                    position += 1
                } else {
                    isQuoted.toggle()
                }
            case UInt8(ascii: ",") where !isQuoted:
                row.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
            case 0x0A where !isQuoted:
                row.append(String(decoding: field, as: UTF8.self))
                return row
            default: field.append(byte)
            }
        }
        row.append(String(decoding: field, as: UTF8.self))
        return row
    }
}

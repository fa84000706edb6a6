/// Looks into PackStream values without taking them apart (neo4j.com/docs/bolt/current/packstream). It passes over nested
/// values by counting those that are still to come, so no depth is too much for it, and never reads behind the bytes.
struct PackStreamScanner {
    /// What a value begins with.
    private enum Head {
        /// A value without others in it, and how many bytes it has behind its mark.
        case plain(bytes: Int)
        case text(bytes: Int)
        /// So many values follow.
        case values(Int)
        case structure(fields: Int)
    }

    private(set) var position: Int

    init(at position: Int = 0) { self.position = position }

    /// Passes over a value; false when it is not all there, or is none.
    mutating func skip(_ bytes: RawSpan) -> Bool {
        var left = 1
        while left > 0 {
            guard let head = head(bytes) else { return false }
            left -= 1
            switch head {
            case .plain(let count), .text(let count):
                guard count <= bytes.byteCount - position else { return false }
                position += count
            case .values(let count): left += count
            case .structure(let fields):
                guard position < bytes.byteCount else { return false }
                position += 1
                left += fields
            }
        }
        return true
    }

    /// Where the text at this place lies, as far as it is there, and passes over it; `nil` when there is none.
    mutating func text(_ bytes: RawSpan) -> Range<Int>? {
        guard case .text(let count)? = head(bytes) else { return nil }
        let start = position
        position += min(count, bytes.byteCount - position)
        return start..<position
    }

    /// Goes into the map at this place; how many entries it has, `nil` when there is none.
    mutating func map(_ bytes: RawSpan) -> Int? {
        guard position < bytes.byteCount else { return nil }
        let mark = bytes.byte(at: position)
        guard mark & 0xF0 == 0xA0 || (0xD8...0xDA).contains(mark), case .values(let count)? = head(bytes) else {
            return nil
        }
        return count / 2
    }

    /// Goes to the value of a key in the map at this place; false when there is no such key as far as the bytes go.
    mutating func go(to key: StaticString, _ bytes: RawSpan) -> Bool {
        guard let entries = map(bytes) else { return false }
        for _ in 0..<entries {
            guard let name = text(bytes) else { return false }
            if bytes.isText(name, key) { return true }
            guard skip(bytes) else { return false }
        }
        return false
    }

    /// The whole number at this place; `nil` when there is none.
    func integer(_ bytes: RawSpan) -> Int? {
        guard position < bytes.byteCount else { return nil }
        let mark = bytes.byte(at: position)
        if mark < 0x80 || mark >= 0xF0 { return Int(Int8(bitPattern: mark)) }
        guard (0xC8...0xCB).contains(mark) else { return nil }
        let count = 1 << Int(mark - 0xC8)
        guard position + count < bytes.byteCount else { return nil }
        var value = Int(Int8(bitPattern: bytes.byte(at: position + 1)))
        for index in 1..<max(1, count) { value = value << 8 | Int(bytes.byte(at: position + 1 + index)) }
        return value
    }

    private mutating func head(_ bytes: RawSpan) -> Head? {
        guard position < bytes.byteCount else { return nil }
        let mark = bytes.byte(at: position)
        position += 1
        switch mark {
        case 0x00...0x7F, 0xF0...0xFF, 0xC0, 0xC2, 0xC3: return .plain(bytes: 0)
        case 0xC1: return .plain(bytes: 8)
        case 0xC8...0xCB: return .plain(bytes: 1 << Int(mark - 0xC8))
        case 0x80...0x8F: return .text(bytes: Int(mark & 15))
        case 0x90...0x9F: return .values(Int(mark & 15))
        case 0xA0...0xAF: return .values(2 * Int(mark & 15))
        case 0xB0...0xBF: return .structure(fields: Int(mark & 15))
        case 0xCC...0xCE: return size(mark - 0xCC, bytes).map { .plain(bytes: $0) }
        case 0xD0...0xD2: return size(mark - 0xD0, bytes).map { .text(bytes: $0) }
        case 0xD4...0xD6: return size(mark - 0xD4, bytes).map { .values($0) }
        case 0xD8...0xDA: return size(mark - 0xD8, bytes).map { .values(2 * $0) }
        default: return nil
        }
    }

    /// A size of one, two or four bytes.
    private mutating func size(_ form: UInt8, _ bytes: RawSpan) -> Int? {
        let count = 1 << Int(form)
        guard position + count <= bytes.byteCount else { return nil }
        var size = 0
        for _ in 0..<count {
            size = size << 8 | Int(bytes.byte(at: position))
            position += 1
        }
        return size
    }
}

extension RawSpan {
    /// Whether the text in a range is this one.
    fileprivate func isText(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<range.count where byte(at: range.lowerBound + index) != text.utf8Start[index] { return false }
        return true
    }
}

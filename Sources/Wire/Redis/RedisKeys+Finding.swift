extension RedisKeys {
    /// Calls `body` with where each key of a command lies, in order, as far as they lie in its beginning.
    ///
    /// - Parameters:
    ///   - bytes: the command's beginning.
    ///   - count: its arguments, its name among them.
    package func forEach(in bytes: RawSpan, argumentCount count: Int, _ body: (Range<Int>) -> Void) {
        var arguments = RedisArguments(bytes)
        var number = 0
        func isWord(_ range: Range<Int>, _ word: StaticString) -> Bool {
            RedisWord.isSame(bytes, range, word)
        }
        switch self {
        case .none: return
        case .listed(let first, let last, let step):
            let last = last < 0 ? count + last : last
            while number <= last, let range = arguments.next(bytes) {
                if number >= first, (number - first) % step == 0 { body(range) }
                number += 1
            }
        case .counted(let place, let hasFirst):
            var last = place
            while number <= last, let range = arguments.next(bytes) {
                if number == place { last += max(0, min(RedisWord.number(bytes, range) ?? 0, count - place - 1)) }
                if number > place || hasFirst && number == 1 { body(range) }
                number += 1
            }
        case .streams:
            var (start, end) = (Int.max, Int.max)
            while number < end, let range = arguments.next(bytes) {
                if number >= start { body(range) }
                if start == .max, number > 0, isWord(range, "STREAMS") {
                    (start, end) = (number + 1, number + 1 + (count - number - 1) / 2)
                }
                number += 1
            }
        case .store:
            var isNext = false
            while let range = arguments.next(bytes) {
                if number == 1 || isNext { body(range) }
                isNext = number > 1 && !isNext && (isWord(range, "STORE") || isWord(range, "STOREDIST"))
                number += 1
            }
        case .migrate:
            var isBehind = false
            while let range = arguments.next(bytes) {
                if number == 3 && !range.isEmpty || isBehind { body(range) }
                if number > 5, isWord(range, "KEYS") { isBehind = true }
                number += 1
            }
        }
    }
}

/// Looking at single arguments.
enum RedisWord {
    /// Whether an argument is this word, whatever its case.
    ///
    /// - Parameter word: in capitals.
    static func isSame(_ bytes: RawSpan, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        for index in 0..<range.count {
            var byte = bytes.byte(at: range.lowerBound + index)
            if byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "z") { byte &= 0xDF }
            guard byte == word.utf8Start[index] else { return false }
        }
        return true
    }

    /// The number that an argument is; `nil` where it is none, or a long one.
    static func number(_ bytes: RawSpan, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count < 10 else { return nil }
        var value = 0
        for index in range {
            let digit = bytes.byte(at: index) &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }
}

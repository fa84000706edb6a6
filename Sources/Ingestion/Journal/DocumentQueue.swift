import Synchronization

/// Who waits for which document in this process, in the order of arrival.
final class DocumentQueue: Sendable {
    private let lines = Mutex<[String: [CheckedContinuation<Void, Never>]]>([:])

    /// Returns when it is the caller's turn; whoever enters leaves.
    func enter(_ document: String) async {
        await withCheckedContinuation { continuation in
            let isFirst = lines.withLock { lines in
                guard lines[document] == nil else {
                    lines[document]!.append(continuation)
                    return false
                }
                lines[document] = []
                return true
            }
            if isFirst { continuation.resume() }
        }
    }

    /// Enters when nobody else is in.
    func enterIfFree(_ document: String) -> Bool {
        lines.withLock { lines in
            guard lines[document] == nil else { return false }
            lines[document] = []
            return true
        }
    }

    func leave(_ document: String) {
        let next = lines.withLock { lines -> CheckedContinuation<Void, Never>? in
            guard let line = lines[document], !line.isEmpty else {
                lines[document] = nil
                return nil
            }
            return lines[document]!.removeFirst()
        }
        next?.resume()
    }
}

import Stack

/// The stack's services as lines of text under headings.
struct StackTable: CustomStringConvertible {
    var reports: [ServiceReport]

    var description: String {
        let head = ["SERVICE", "STATE", "ADDRESS", "PID", "MEMORY", "NOTE"]
        let rows = reports.map { report in
            [
                report.service, report.state.rawValue, report.address ?? "-", report.pid.map { "\($0)" } ?? "-",
                report.memoryBytes.map { "\($0 / (1 << 20)) MB" } ?? "-", report.note,
            ]
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { row in
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}

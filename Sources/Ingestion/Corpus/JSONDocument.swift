enum JSONDocument {
    static func bytes(_ prose: Prose, size: Int) -> [UInt8] {
        var prose = prose
        let head = "{\"title\": \"\(prose.title)\", \"shipments\": [\n"
        let tail = "\"}\n]}\n"
        let last = "{\"remark\": \""
        var bytes = Array(head.utf8)
        while true {
            let item = item(&prose)
            guard bytes.count + item.utf8.count + last.utf8.count + tail.utf8.count <= size else { break }
            bytes.append(contentsOf: item.utf8)
        }
        bytes.append(contentsOf: last.utf8)
        bytes += Filling.fill(size - bytes.count - tail.utf8.count) { prose.sentence() + " " }
        return bytes + Array(tail.utf8)
    }

    private static func item(_ prose: inout Prose) -> String {
        let members = zip(Prose.columns, prose.row()).map { "\"\($0)\": \"\($1)\"" }
        return "{\(members.joined(separator: ", ")), \"remark\": \"\(prose.sentence())\"},\n"
    }
}

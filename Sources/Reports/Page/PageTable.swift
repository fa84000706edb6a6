/// A table with a caption. On a narrow page each row becomes a block of named values, so cells carry their column's name; the
/// roles keep it a table for those who listen.
struct PageTable {
    struct Column {
        var name: String
        var isNumber = false
        /// Of a word or two that stay on one line.
        var isShort = false

        static func text(_ name: String) -> Column { Column(name: name) }
        static func short(_ name: String) -> Column { Column(name: name, isShort: true) }
        static func number(_ name: String) -> Column { Column(name: name, isNumber: true) }

        var style: String { isNumber ? "n" : isShort ? "w" : "" }
    }

    var caption: String
    var columns: [Column]
    var rows: [[HTML]]
    /// Names the rows that stand out, by their number.
    var marked: Set<Int> = []
    /// Keeps its form on a narrow page, where its columns are short.
    var isTight = false

    var html: HTML {
        let head = columns.map { column in
            HTML.element(
                "th", ["scope": "col", "role": "columnheader", "class": column.style], "\(column.name)")
        }
        let body = rows.enumerated().map { number, cells in
            HTML.element(
                "tr", ["role": "row", "class": marked.contains(number) ? "hit" : ""],
                zip(columns, cells).map { column, cell in
                    HTML.element(
                        "td",
                        [
                            "role": "cell", "class": column.style + (cell == .nothing ? " z" : ""),
                            "data-label": column.name,
                        ],
                        // One child, so that a narrow page can set it beside its name.
                        .element("span", [:], cell))
                })
        }
        return .element(
            "table", ["role": "table", "class": isTight ? "tight" : ""], .element("caption", [:], "\(caption)"),
            .element("thead", ["role": "rowgroup"], .element("tr", ["role": "row"], head)),
            .element("tbody", ["role": "rowgroup"], body))
    }
}

/// A table with a caption. On a narrow page each row becomes a block of named values, so cells carry their column's name; the
/// roles keep it a table for those who listen.
struct PageTable {
    struct Column {
        var name: String
        var isNumber = false

        static func text(_ name: String) -> Column { Column(name: name) }
        static func number(_ name: String) -> Column { Column(name: name, isNumber: true) }
    }

    var caption: String
    var columns: [Column]
    var rows: [[HTML]]
    /// Names the rows that stand out, by their number.
    var marked: Set<Int> = []

    var html: HTML {
        let head = columns.map { column in
            HTML.element(
                "th", ["scope": "col", "role": "columnheader", "class": column.isNumber ? "n" : ""], "\(column.name)")
        }
        let body = rows.enumerated().map { number, cells in
            HTML.element(
                "tr", ["role": "row", "class": marked.contains(number) ? "hit" : ""],
                zip(columns, cells).map { column, cell in
                    HTML.element(
                        "td", ["role": "cell", "class": column.isNumber ? "n" : "", "data-label": column.name],
                        // One child, so that a narrow page can set it beside its name.
                        .element("span", [:], cell))
                })
        }
        return .element(
            "table", ["role": "table"], .element("caption", [:], "\(caption)"),
            .element("thead", ["role": "rowgroup"], .element("tr", ["role": "row"], head)),
            .element("tbody", ["role": "rowgroup"], body))
    }
}

/// Draws the attempts of one call, on the scale of the longest call of the page.
struct CallPicture {
    let call: CallRow
    /// Seconds that the picture is wide.
    let scale: Double

    var html: HTML {
        .element(
            "svg", ["class": "call", "role": "img", "aria-label": summary],
            [.element("title", [:], "\(summary)")] + [base] + call.bars.enumerated().flatMap(attempt))
    }

    /// `429 after 0.01 s, wait 0.1 s, 200 after 0.02 s`.
    var summary: String {
        var parts: [String] = []
        for (index, bar) in call.bars.enumerated() {
            parts.append("\(bar.word) after \(Figures.span(bar.to - bar.from))")
            if index < call.waits.count { parts.append("wait \(Figures.span(call.waits[index]))") }
        }
        return parts.joined(separator: ", ")
    }

    private var base: HTML {
        .void("line", ["class": "edge", "x1": "0", "x2": share(call.length), "y1": "9", "y2": "9"])
    }

    private func attempt(_ number: Int, _ bar: CallRow.Bar) -> [HTML] {
        let struck = bar.struckBy.map { "; struck by \($0)" } ?? ""
        let asked = bar.retryAfter.map { "; told to wait \(Figures.seconds($0))" } ?? ""
        let words =
            "attempt \(number + 1): \(bar.word), \(Figures.seconds(bar.from)) to \(Figures.seconds(bar.to))\(struck)\(asked)"
        let box = HTML.element(
            "rect",
            [
                "class": bar.isGood ? "good" : "poor", "x": share(bar.from), "y": "3",
                "width": share(max(bar.to - bar.from, scale / 400)), "height": "12",
            ],
            .element("title", [:], "\(words)"))
        guard let wait = bar.retryAfter else { return [box] }
        return [
            .void(
                "line", ["class": "wait", "x1": share(bar.to), "x2": share(bar.to + wait), "y1": "9", "y2": "9"]),
            box,
        ]
    }

    private func share(_ seconds: Double) -> String { Figures.position(scale > 0 ? min(seconds / scale, 1) : 0) }

    /// What the signs of all pictures of calls mean.
    static var legend: HTML {
        let marks: [(String, HTML)] = [
            (
                "filled: answered well",
                .void("rect", ["class": "good", "x": "1", "y": "1", "width": "24", "height": "10"])
            ),
            (
                "hollow: refused, failed or never answered",
                .void("rect", ["class": "poor", "x": "1", "y": "1", "width": "24", "height": "10"])
            ),
            (
                "dotted: the time that Retry-After asked for",
                .void("line", ["class": "wait", "x1": "0", "x2": "26", "y1": "6", "y2": "6"])
            ),
        ]
        return .element(
            "ul", ["class": "legend"],
            marks.map { name, mark in
                .element("li", [:], .element("svg", ["aria-hidden": "true"], mark), "\(name)")
            })
    }
}

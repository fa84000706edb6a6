/// Draws a timeline: one band a link with its requests as bars, what was struck as a row of strokes below, windows hatched; below
/// them a lower band for each process that was struck.
/// Positions are percentages, so that the picture fits any width and its text keeps its size.
struct TimelinePicture {
    let timeline: Timeline

    private static let height = 40.0
    /// Of a process's band.
    private static let lowHeight = 18.0
    /// Names of shorter phases would not fit; the table of phases has them all.
    private static let namedShare = 0.08

    var html: HTML {
        .element(
            "div", ["class": "wire"],
            [Self.pattern] + [phases] + timeline.rows.map { $0.isProcess ? process($0) : link($0) } + [axis] + [legend])
    }

    /// Hatching that all pictures of the page use.
    private static let pattern = HTML.element(
        "svg", ["width": "0", "height": "0", "aria-hidden": "true", "style": "position:absolute"],
        .element(
            "defs", [:],
            .element(
                "pattern",
                [
                    "id": "hatch", "width": "6", "height": "6", "patternUnits": "userSpaceOnUse",
                    "patternTransform": "rotate(45)",
                ],
                .void("line", ["x1": "0", "y1": "0", "x2": "0", "y2": "6", "class": "hatch"]))))

    private func link(_ row: Timeline.Row) -> HTML {
        let what =
            "\(Figures.count(row.total, row.noun)), \(Figures.number(row.struckTotal)) struck; "
            + "at most \(Figures.number(row.peak)) in \(Figures.span(timeline.bucket))"
        return lane(
            row, "lane", what, row.windows.map { window($0, height: Self.height) } + boundaries + [bars(row)])
    }

    /// Hatched while it did not run; each begins with a strike.
    private func process(_ row: Timeline.Row) -> HTML {
        let faults = row.windows.map(\.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let strikes = row.windows.map { window in
            HTML.void(
                "line",
                [
                    "x1": Figures.position(window.from), "x2": Figures.position(window.from), "y1": "0",
                    "y2": Figures.short(Self.lowHeight), "class": "rug",
                ])
        }
        return lane(
            row, "lane low", "process, struck \(Figures.times(row.windows.count)): \(faults.joined(separator: ", "))",
            row.windows.map { window($0, height: Self.lowHeight) } + boundaries + strikes)
    }

    private func lane(_ row: Timeline.Row, _ style: String, _ what: String, _ drawing: [HTML]) -> HTML {
        .element(
            "div", ["class": style],
            .element("div", [:], .element("strong", [:], "\(row.name)"), .element("small", [:], "\(what)")),
            .element(
                "svg", ["role": "img", "aria-label": "\(row.name): \(what)"],
                [.element("title", [:], "\(row.name): \(what)")] + drawing))
    }

    private func window(_ window: Timeline.Stretch, height: Double) -> HTML {
        .element(
            "rect",
            [
                "x": Figures.position(window.from), "y": "0",
                "width": Figures.position(max(window.to - window.from, 0.002)),
                "height": Figures.short(height), "fill": "url(#hatch)",
            ],
            .element("title", [:], "\(window.name)"))
    }

    private var boundaries: [HTML] {
        timeline.phases.filter { $0.from > 0 }.map { phase in
            .void(
                "line",
                [
                    "x1": Figures.position(phase.from), "x2": Figures.position(phase.from), "y1": "0", "y2": "100%",
                    "class": "edge",
                ])
        }
    }

    private func bars(_ row: Timeline.Row) -> HTML {
        let peak = Double(max(row.peak, 1))
        var requests = ""
        var struck = ""
        for (index, count) in row.requests.enumerated() where count > 0 {
            let height = max(1.5, (Double(count) / peak * Self.height))
            requests += "M\(index) 40v-\(Figures.short(height))h1v\(Figures.short(height))z"
        }
        for (index, count) in row.struck.enumerated() where count > 0 { struck += "M\(index).5 44v8" }
        let count = max(row.requests.count, 1)
        return .element(
            "svg", ["viewBox": "0 0 \(count) 54", "preserveAspectRatio": "none", "width": "100%", "height": "54"],
            .void("path", ["class": "req", "d": requests]),
            .void("path", ["class": "base", "d": "M0 40h\(count)", "vector-effect": "non-scaling-stroke"]),
            .void("path", ["class": "rug", "d": struck]))
    }

    private var phases: HTML {
        guard !timeline.phases.isEmpty else { return .nothing }
        let names = timeline.phases.filter { $0.to - $0.from >= Self.namedShare }.map { phase in
            HTML.element(
                "span",
                ["style": "left:\(Figures.position(phase.from));width:\(Figures.position(phase.to - phase.from))"],
                "\(phase.name)")
        }
        return .element(
            "div", ["class": "phases"], .element("div", [:]), .element("div", ["class": "track"], names))
    }

    private var axis: HTML {
        let ticks = timeline.ticks.map { tick in
            HTML.element(
                "span", ["style": "left:\(Figures.position(tick.share))", "class": tick.share > 0.96 ? "end" : ""],
                "\(Figures.seconds(tick.seconds))")
        }
        return .element("div", ["class": "axis"], .element("div", [:]), .element("div", ["class": "track"], ticks))
    }

    private var legend: HTML {
        var marks: [(String, HTML)] = [
            ("requests", .void("rect", ["class": "req", "width": "26", "height": "12"])),
            (
                "a stroke below the line: a message was struck",
                .void("path", ["class": "rug", "d": "M4 1v10M12 1v10M20 1v10"])
            ),
            ("a fault's window is open", .void("rect", ["fill": "url(#hatch)", "width": "26", "height": "12"])),
        ]
        if timeline.rows.contains(where: \.isProcess) {
            marks.append(
                (
                    "a process was struck, and did not run",
                    HTML([
                        .void("rect", ["fill": "url(#hatch)", "width": "26", "height": "12"]),
                        .void("path", ["class": "rug", "d": "M1 0v12"]),
                    ])
                ))
        }
        return .element(
            "ul", ["class": "legend"],
            marks.map { name, mark in
                .element("li", [:], .element("svg", ["aria-hidden": "true"], mark), "\(name)")
            })
    }
}

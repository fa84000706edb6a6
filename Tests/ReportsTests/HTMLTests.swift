import Reports
import Testing

@Suite struct HTMLTests {
    @Test func textAndAttributesCannotBreakOut() {
        let name = #"</td><script>alert("1")</script>'&"#
        let cell = HTML.element("td", ["title": name], HTML(name), "\(name)")
        let escaped = "&lt;/td&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;"
        #expect(cell.markup == "<td title=\"\(escaped)\">\(escaped)\(escaped)</td>")
    }

    @Test func whatCannotBeSeenIsShown() {
        #expect(HTML("a\u{0}b\u{202E}c\n").markup == "a\u{FFFD}b\u{FFFD}c\n")
    }

    @Test func shapesHaveNoChildren() {
        #expect(HTML.void("rect", ["width": "10%"]).markup == #"<rect width="10%"/>"#)
    }
}

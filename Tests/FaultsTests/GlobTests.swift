import Faults
import Testing

struct GlobTests {
    @Test(arguments: [
        ("", ""), ("*", ""), ("*", "anything"), ("**", "x"), ("GetObject", "GetObject"), ("Get*", "GetObject"),
        ("Get*", "Get"), ("*Object", "GetObject"), ("*Obj*", "GetObject"), ("G*t*t", "GetObject"), ("?", "x"),
        ("?et*", "GetObject"), ("GET /*/{id}", "GET /a/b/{id}"), ("*a*b", "aXbXaXb"), ("a?c", "abc"), ("*.*.", "a.b."),
        ("?", "é"), ("a?c", "aéc"), ("*é", "café"), ("embeddings", "embeddings"),
    ]) func matches(pattern: String, text: String) {
        #expect(Glob(pattern).matches(text))
    }

    @Test(arguments: [
        ("", "x"), ("?", ""), ("?", "xy"), ("??", "é"), ("GetObject", "getobject"), ("GetObject", "GetObjectAcl"),
        ("GetObject", "GetObjec"), ("*Object", "GetObjectAcl"), ("Get*", "PutObject"), ("a*b*c", "acb"),
        ("*a", "aab"), ("[a]", "a"), ("a.c", "abc"),
    ]) func doesNotMatch(pattern: String, text: String) {
        #expect(!Glob(pattern).matches(text))
    }

    @Test func isShownAsWritten() { #expect(Glob("Get*?é").description == "Get*?é") }

    /// A pattern with many stars against a text that it almost matches: exponential matchers never come back.
    @Test func manyStarsAreNoTrap() {
        let pattern = String(repeating: "a*", count: 30) + "b"
        #expect(!Glob(pattern).matches(String(repeating: "a", count: 2_000)))
    }
}

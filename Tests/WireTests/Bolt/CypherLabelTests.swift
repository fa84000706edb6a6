import Testing
import Wire

/// What Cypher queries are called.
struct CypherLabelTests {
    private func label(_ text: String) -> String { CypherLabel(Array(text.utf8).span.bytes).operation }

    @Test(arguments: [
        ("CREATE (d:Document {id: $id})", "CREATE Document"),
        ("MERGE (d:Document {id: $id}) ON CREATE SET d.at = 1 ON MATCH SET d.at = 2", "MERGE Document"),
        ("UNWIND $rows AS row MERGE (c:Chunk {id: row.id}) SET c += row.properties", "MERGE Chunk"),
        ("MATCH (d:Document), (e:Entity) MERGE (d)-[:MENTIONS]->(e)", "MERGE MENTIONS"),
        ("MATCH (d:Document) CREATE (d)-[r:HAS {at: 1}]->(c:Chunk)", "CREATE HAS"),
        ("MATCH (c:Chunk {document: $id}) DETACH DELETE c", "DELETE Chunk"),
        ("MATCH (d:Document)-[:HAS]->(c:Chunk) DETACH DELETE c", "DELETE Chunk"),
        ("MATCH (d:Document)-[r:HAS]->() DELETE r", "DELETE HAS"),
        ("match (d:Document {id: 1}) set d.title = 'CREATE (x:Y)'", "SET Document"),
        ("MATCH (d) SET d:Document:New", "SET Document"),
        ("MATCH (d:Document) REMOVE d.title", "REMOVE Document"),
        ("MATCH (n) DETACH DELETE n", "DELETE"),
        ("MERGE (n)", "MERGE"),
        ("MERGE p = (n:Person {name: 'a'})-[:KNOWS]->(m) RETURN p", "MERGE Person"),
        ("CREATE (:A|B)", "CREATE A"),
        ("FOREACH (name IN $names | MERGE (:Entity {name: name}))", "MERGE Entity"),
        ("CALL { WITH d CREATE (c:Chunk) } IN TRANSACTIONS", "CREATE Chunk"),
        ("CALL (d) { MERGE (d)-[:HAS]->(:Chunk) }", "MERGE HAS"),
        ("LOAD CSV FROM 'file:///a' AS line CREATE (:Row)", "CREATE Row"),
        ("INSERT (:Person)", "INSERT Person"),
    ])
    func writesAreCalledByTheirVerb(text: String, expected: String) { #expect(label(text) == expected) }

    @Test(arguments: [
        ("MATCH (c:Chunk) RETURN c", "MATCH Chunk"),
        ("OPTIONAL MATCH (c:Chunk) RETURN c.set", "MATCH Chunk"),
        ("MATCH (c:Chunk) WHERE c.id IN [x IN $ids WHERE x > 1] RETURN count(c) AS create", "MATCH Chunk"),
        ("UNWIND $ids AS id MATCH (c:Chunk {id: id}) RETURN c", "MATCH Chunk"),
        ("MATCH (a)-[:MENTIONS]->(b) RETURN b", "MATCH MENTIONS"),
        ("MATCH (n) RETURN count(n)", "MATCH"),
        ("PROFILE MATCH (c:`Big Chunk`) RETURN c", "MATCH Big Chunk"),
        ("CYPHER 5 MATCH (c:Chunk) RETURN c", "MATCH Chunk"),
        ("CALL { MATCH (c:Chunk) RETURN c } RETURN c", "MATCH Chunk"),
        ("CALL db.labels()", "CALL db.labels"),
        ("CALL db.labels() YIELD label RETURN label", "CALL db.labels"),
        ("RETURN 1", "RETURN"),
        ("WITH 1 AS x RETURN x", "WITH"),
        ("UNWIND [1] AS x RETURN x", "UNWIND"),
        ("SHOW INDEXES", "SHOW"),
        ("EXPLAIN CREATE (n:A)", "EXPLAIN"),
        ("RETURN {create: 1, merge: 2}", "RETURN"),
        ("MATCH (n:Chunk) RETURN n.delete, n.set", "MATCH Chunk"),
        ("MATCH (n:CREATE) RETURN n", "MATCH CREATE"),
    ])
    func readsAreCalledByWhatTheyMatch(text: String, expected: String) { #expect(label(text) == expected) }

    @Test(arguments: [
        ("CREATE CONSTRAINT c IF NOT EXISTS FOR (d:Document) REQUIRE d.id IS UNIQUE", "CREATE CONSTRAINT"),
        ("CREATE VECTOR INDEX v FOR (c:Chunk) ON c.embedding", "CREATE INDEX"),
        ("CREATE OR REPLACE DATABASE d", "CREATE DATABASE"),
        ("DROP INDEX v IF EXISTS", "DROP INDEX"),
    ])
    func definitionsAreCalledByTheirKind(text: String, expected: String) { #expect(label(text) == expected) }

    @Test(arguments: [
        ("// MERGE (x:A)\nCREATE (n:B)", "CREATE B"),
        ("/* MERGE (x:A) */ CREATE (n:B)", "CREATE B"),
        ("CREATE (n:B {text: \"it's (x:A)\", other: 'a\\'b (x:C)'})", "CREATE B"),
        ("CREATE (`a``b:x`:`Odd ``name` {id: $`par am`})", "CREATE Odd `name"),
        ("\u{FEFF} MERGE (ä:Größe)", "MERGE Größe"),
        ("faultline injects", "OTHER"), ("", "OTHER"), ("   ", "OTHER"), ("(((((", "OTHER"), ("'", "OTHER"),
    ])
    func whatIsNoCypherIsPassedOver(text: String, expected: String) { #expect(label(text) == expected) }

    @Test func longNamesAndTextsAreBounded() {
        let long = String(repeating: "x", count: 10_000)
        #expect(label("CREATE (:\(long))") == "CREATE " + long.prefix(64))
        #expect(label("/*\(String(repeating: long, count: 10))*/ CREATE (:A)") == "OTHER")
        #expect(label(String(repeating: "(", count: 100_000)) == "OTHER")
    }

    @Test func anyTextHasALabel() {
        let words = [
            "CREATE", "MERGE", "(", ")", "[", "]", "{", "}", ":", "n", "`", "'", "//", "/*", "*/", ".", "$", ",",
        ]
        var state: UInt64 = 3
        for _ in 0..<5000 {
            var text = ""
            for _ in 0..<20 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += words[Int(state >> 33) % words.count] + (state >> 40 & 1 == 0 ? " " : "")
            }
            #expect(!label(text).isEmpty)
        }
    }
}

import Testing
import Wire

struct StatementLabelTests {
    private func label(_ sql: String) -> StatementLabel { StatementLabel(Array(sql.utf8)) }

    @Test(arguments: [
        ("INSERT INTO chunks (id) VALUES ($1)", "INSERT chunks"),
        ("insert into public.\"Chunks\" values (1)", "INSERT Chunks"),
        (#"INSERT INTO "a""b" VALUES (1)"#, #"INSERT a"b"#),
        ("UPDATE ONLY Documents SET x = 1 FROM other", "UPDATE documents"),
        ("DELETE FROM only db . public . entities WHERE a = 'INSERT'", "DELETE entities"),
        ("MERGE INTO stock USING bought ON a = b", "MERGE stock"),
        ("COPY chunks (id, text) FROM STDIN", "COPY chunks"),
        ("COPY (SELECT * FROM documents) TO STDOUT", "COPY documents"),
        ("TRUNCATE TABLE ONLY a, b", "TRUNCATE a"),
        ("LOCK TABLE a IN SHARE MODE", "LOCK a"),
        ("vacuum (analyze, verbose) pgbench_branches", "VACUUM pgbench_branches"),
        ("VACUUM FULL VERBOSE", "VACUUM"),
        ("TABLE documents", "SELECT documents"),
        ("VALUES (1, (SELECT 2))", "VALUES"),
        ("CALL refresh(1)", "CALL refresh"),
        ("DO $$ BEGIN DELETE FROM a; END $$", "DO"),
        ("EXPLAIN ANALYZE DELETE FROM a", "EXPLAIN"),
        ("SET LOCAL x = 1", "SET"), ("SHOW x", "SHOW"), ("SAVEPOINT _pg3_1", "SAVEPOINT"),
        ("RELEASE SAVEPOINT a", "RELEASE"), ("PREPARE a AS SELECT 1", "PREPARE"), ("EXECUTE a (1)", "EXECUTE a"),
        ("DECLARE c CURSOR FOR SELECT 1", "DECLARE"), ("FETCH 10 FROM c", "FETCH"), ("LISTEN news", "LISTEN news"),
    ]) func verbAndTable(sql: String, operation: String) { #expect(label(sql).operation == operation) }

    @Test(arguments: [
        ("SELECT 1", "SELECT"),
        ("SELECT * FROM documents WHERE id = $1", "SELECT documents"),
        ("select extract(year from day), trim(both from a) from Days d", "SELECT days"),
        ("SELECT a IS NOT DISTINCT FROM b FROM c", "SELECT c"),
        ("SELECT (SELECT max(x) FROM inner_one), y FROM outer_one", "SELECT outer_one"),
        ("SELECT * FROM (SELECT * FROM inner_one) AS s", "SELECT inner_one"),
        ("SELECT * FROM (a JOIN b ON true)", "SELECT a"),
        ("SELECT * FROM ((a JOIN b ON true) JOIN c ON true)", "SELECT a"),
        ("(SELECT a FROM one) UNION (SELECT b FROM two)", "SELECT one"),
        ("SELECT * FROM LATERAL unnest($1::int[])", "SELECT unnest"),
        ("SELECT count(*) FROM generate_series(1, 10)", "SELECT generate_series"),
        ("SELECT pg_sleep(1)", "SELECT"),
        ("SELECT EXISTS (SELECT FROM documents)", "SELECT documents"),
    ]) func queries(sql: String, operation: String) { #expect(label(sql).operation == operation) }

    @Test(arguments: [
        ("WITH new AS (SELECT * FROM a) INSERT INTO chunks SELECT * FROM new", "INSERT chunks"),
        ("WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM t), u AS (SELECT 1) SELECT n FROM t", "SELECT"),
        ("WITH t AS MATERIALIZED (SELECT * FROM a) SELECT * FROM t", "SELECT a"),
        ("WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone", "DELETE a"),
        ("WITH t AS (SELECT 1), gone AS (SELECT 2 FROM b) UPDATE c SET x = 1", "UPDATE c"),
        ("WITH t AS (SELECT 1) SELECT * FROM t JOIN b ON true", "SELECT"),
    ]) func commonTables(sql: String, operation: String) { #expect(label(sql).operation == operation) }

    @Test(arguments: [
        ("CREATE TABLE IF NOT EXISTS documents (id int)", "CREATE TABLE documents"),
        ("CREATE UNIQUE INDEX CONCURRENTLY by_name ON a (b)", "CREATE INDEX by_name"),
        ("CREATE INDEX ON a (b)", "CREATE INDEX"),
        ("CREATE OR REPLACE TEMP VIEW v AS SELECT 1", "CREATE VIEW v"),
        ("ALTER TABLE IF EXISTS ONLY a ADD b int", "ALTER TABLE a"),
        ("DROP TABLE IF EXISTS a, b", "DROP TABLE a"), ("CREATE", "CREATE"),
    ]) func definitions(sql: String, operation: String) { #expect(label(sql).operation == operation) }

    @Test(arguments: [
        ("BEGIN", "BEGIN", StatementLabel.Control.begin), ("begin isolation level serializable;", "BEGIN", .begin),
        ("START TRANSACTION READ ONLY", "BEGIN", .begin), ("COMMIT", "COMMIT", .commit), ("END", "COMMIT", .commit),
        ("/* the end */ commit AND CHAIN", "COMMIT", .commit), ("ROLLBACK", "ROLLBACK", .rollback),
        ("ABORT WORK", "ROLLBACK", .rollback), ("ROLLBACK TRANSACTION TO SAVEPOINT a", "ROLLBACK TO", .none),
        ("PREPARE TRANSACTION 'a'", "PREPARE TRANSACTION", .commit), ("COMMIT PREPARED 'a'", "COMMIT PREPARED", .none),
        ("ROLLBACK PREPARED 'a'", "ROLLBACK PREPARED", .none),
        ("INSERT INTO commit VALUES (1)", "INSERT commit", .none),
    ]) func transactions(sql: String, operation: String, control: StatementLabel.Control) {
        let label = label(sql)
        #expect(label.operation == operation)
        #expect(label.control == control)
        #expect(label.commits == (control == .commit))
        #expect(label.statements == 1)
    }

    @Test(arguments: [
        ("BEGIN; SET x = 1; INSERT INTO a VALUES (1); COMMIT", "INSERT a", 4, true),
        ("BEGIN; SET x = 1", "BEGIN", 2, false),
        ("; ;SELECT 1 FROM a;; COMMIT;", "SELECT a", 2, true),
        ("INSERT INTO a VALUES ('; COMMIT;'); SELECT 1", "INSERT a", 2, false),
        ("CREATE RULE r AS ON INSERT TO a DO (SELECT 1; COMMIT); SELECT 1", "CREATE RULE r", 2, false),
        (
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; COMMIT",
            "CREATE FUNCTION f", 2, true
        ),
    ]) func severalStatements(sql: String, operation: String, statements: Int, commits: Bool) {
        let label = label(sql)
        #expect(label.operation == operation)
        #expect(label.statements == statements)
        #expect(label.commits == commits)
    }

    @Test(arguments: [
        ("BEGIN; INSERT INTO a VALUES (1)", StatementLabel.Control.begin),
        ("INSERT INTO a VALUES (1); COMMIT", .commit),
        ("BEGIN; SELECT 1; COMMIT", .none), ("COMMIT; BEGIN", .begin), ("ROLLBACK; SELECT 1", .rollback),
        ("BEGIN; ABORT", .none), ("SAVEPOINT a; ROLLBACK TO a", .none),
    ]) func whatAllOfThemDoToTheTransaction(sql: String, control: StatementLabel.Control) {
        #expect(label(sql).control == control)
    }

    @Test(arguments: [
        "-- DELETE FROM z\nINSERT INTO a VALUES (1)", "/* DELETE /* FROM */ z */INSERT/**/INTO/**/a VALUES (1)",
        "INSERT INTO a VALUES ('it''s; COMMIT')", #"INSERT INTO a VALUES (E'it\'s; COMMIT')"#,
        "INSERT INTO a VALUES ($tag$ $$ ' ; COMMIT $tag$)", "INSERT INTO a VALUES ($1);--; COMMIT",
        #"INSERT INTO a VALUES (B'1', X'F', N'; ', U&'\0061; COMMIT', 1e5, 'a\')"#,
        "INSERT INTO a (\"; COMMIT\") VALUES (a$b$c)", "\u{9}\r\nINSERT\u{C}INTO\u{B}a",
    ]) func commentsAndLiteralsAreNoStatements(sql: String) {
        let label = label(sql)
        #expect(label.operation == "INSERT a")
        #expect(label.statements == 1)
        #expect(!label.commits)
    }

    @Test(arguments: ["", " ", ";", " ;; ", "-- nothing", "/* nothing", "((("]) func nothing(sql: String) {
        let label = label(sql)
        #expect(label.operation == (sql == "(((" ? "OTHER" : "EMPTY"))
    }

    @Test(arguments: ["FROBNICATE x", "1", "'a'", "\"select\" 1", "é", "averyveryverylongword", "$1", "$a$"])
    func unknown(sql: String) { #expect(label(sql).operation == "OTHER") }

    @Test func aNameIsAsLongAsTheServerTakesIt() {
        let name = String(repeating: "x", count: 100)
        #expect(label("INSERT INTO \(name) VALUES (1)").operation == "INSERT " + name.prefix(63))
        #expect(label("INSERT INTO \"\(name)\" VALUES (1)").operation == "INSERT " + name.prefix(63))
    }

    /// A link sees the beginning of a long statement alone.
    @Test func aTextThatIsCutAnywhereHasALabel() {
        let sql = """
            WITH a AS (SELECT E'\\'', "x" FROM b WHERE c IS DISTINCT FROM $1), d AS (DELETE FROM e RETURNING *)
            INSERT INTO f SELECT $t$ ; $t$, U&"g" /* /* */ */ FROM (a JOIN d ON true); COMMIT
            """
        let bytes = Array(sql.utf8)
        for count in 0...bytes.count {
            let label = StatementLabel(Array(bytes.prefix(count)))
            #expect(label.statements == (count == 0 ? 0 : count > bytes.count - 6 ? 2 : 1))
        }
        #expect(StatementLabel(bytes).operation == "INSERT f")
    }

    @Test func anyBytesHaveALabel() {
        var state: UInt64 = 7
        let signs = Array("'\"$()/*-;,. \\EeUu&xabFROMfromselectwithdelete0\u{E9}".utf8)
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(signs[Int(state >> 33) % signs.count])
            }
            #expect(!StatementLabel(bytes).operation.isEmpty)
        }
    }
}

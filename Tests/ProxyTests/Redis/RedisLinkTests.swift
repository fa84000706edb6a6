import Proxy
import Testing
import Wire

/// A redis link that nothing touches, before a real server: clients do their work, and the history tells it by command.
@Suite struct RedisLinkTests {
    @Test func commandsAndTransactionsAreTold() async throws {
        try await RedisTestbed.with { bed in
            try await bed.talk(
                "SET @a 1~MULTI~INCR @a~MSET @b 2 @c 3~EXEC~client no-evict off~XGROUP CREATE @a g $~",
                "+OK~+OK~+QUEUED~+QUEUED~*2~:2~+OK~+OK~"
                    + "-WRONGTYPE Operation against a key holding the wrong kind of value~")
            let requests = try await bed.messages(.request)
            #expect(
                requests.map(\.operation) == [
                    "SET", "MULTI", "INCR", "MSET", "EXEC", "CLIENT NO-EVICT", "XGROUP CREATE",
                ])
            #expect(requests.map(\.transaction) == [1, 2, 2, 2, 2, 3, 4])
            #expect(requests.map(\.exchange) == Array(1...7))
            #expect(requests[0].key.hasSuffix(":a") && requests[3].key.hasSuffix(":b") && requests[4].key == "")
            #expect(
                requests.map(\.size)
                    == [
                        "SET @a 1~", "MULTI~", "INCR @a~", "MSET @b 2 @c 3~", "EXEC~", "client no-evict off~",
                        "XGROUP CREATE @a g $~",
                    ].map { bed.bytes($0).count })
            let answers = try await bed.messages(.response)
            #expect(answers.map(\.operation) == requests.map(\.operation))
            #expect(answers.map(\.key) == requests.map(\.key))
            #expect(answers.map(\.transaction) == requests.map(\.transaction))
            #expect(answers.map(\.exchange) == requests.map(\.exchange))
            #expect(answers.map(\.code) == ["", "", "", "", "", "", "WRONGTYPE"])
            #expect(answers.map(\.size) == [5, 5, 9, 9, 13, 5, 68])
            #expect((requests + answers).allSatisfy { $0.action == .forwarded && $0.window == 0 })
        }
    }

    /// What is told of many that come together is what is told of each.
    @Test func theHistoryIsTheSameWhileAWindowLooks() async throws {
        try await RedisTestbed.with { bed in
            let commands = "SET @a 1~GET @a~MULTI~INCR @a~EXEC~NONSENSE~DEL @a @b~"
            for isWatched in [false, true] {
                let peer = try await bed.links.connect()
                if isWatched { try await bed.inject("watch") }
                try await peer.send(bed.bytes(commands + "QUIT~"))
                _ = try await peer.receiveAll()
            }
            let told = try await bed.links.messages().map {
                "\($0.direction?.rawValue ?? "") \($0.exchange) \($0.operation) \($0.key) \($0.size) \($0.code) \($0.transaction) \($0.action)"
            }
            #expect(told.count == 32)
            #expect(Set(told).count == 16)
        }
    }

    @Test(arguments: [2, 3]) func redisPyDoesItsWork(version: Int) async throws {
        try await RedisTestbed.with { bed in
            let lines = try await bed.python(
                """
                p = r.pipeline(transaction=False)
                for i in range(5000): p.set(key(str(i)), "x" * (i % 300)); p.get(key(str(i)))
                print([len(v) for v in p.execute()[1::2]] == [i % 300 for i in range(5000)])
                p = r.pipeline(); p.hset(key("h"), mapping={"f": "1"}); p.hgetall(key("h")); print(p.execute())
                r.set(key("big"), "z" * 3000000); print(len(r.get(key("big"))))
                print(r.eval("return {KEYS[1] == ARGV[1], {1, {2}}}", 1, key("k"), key("k")))
                print(r.blpop(key("none"), timeout=1))
                s = r.pubsub(); s.subscribe("one", "two"); s.psubscribe("p*")
                print(sorted(s.get_message(timeout=5)["type"] for _ in range(3)))
                r.publish("one", "hello"); print(s.get_message(timeout=5)["data"])
                s.unsubscribe(); print([s.get_message(timeout=5)["type"] for _ in range(2)])
                s.close()
                """, protocolVersion: version)
            #expect(
                lines == [
                    "True", "[1, {b'f': b'1'}]", "3000000", "[1, [1, [2]]]", "None",
                    "['psubscribe', 'subscribe', 'subscribe']",
                    "b'hello'", "['unsubscribe', 'unsubscribe']",
                ])
            try await bed.links.eventually("all is answered") { $0.calls == 0 }
        }
    }

    @Test func redisCliDoesItsWork() async throws {
        try await RedisTestbed.with { bed in
            let key = String(decoding: bed.bytes("@k"), as: UTF8.self)
            let text = try await bed.cli(input: "SET \(key) 1\nMULTI\nINCR \(key)\nGET \(key)\nEXEC\nNONSENSE\n")
            #expect(text.hasPrefix("OK\nOK\nQUEUED\nQUEUED\n2\n2\nERR unknown command"), "\(text)")
            let piped = try await bed.cli("--pipe", input: (0..<2000).map { "SET \(key)\($0) \($0)\r\n" }.joined())
            #expect(piped.contains("errors: 0, replies: 2000"), "\(piped)")
            #expect(try await bed.cli("-3", "ZRANGE", key + "none", "0", "-1", "WITHSCORES") == "\n")
        }
    }

    @Test func inlineCommandsAndEmptyLinesPass() async throws {
        try await RedisTestbed.with { bed in
            try await bed.talk("~~set '@a b' \"x\\x41\"~*0~get '@a b'~", "+OK~$2~xA~")
            #expect(try await bed.messages(.request).map(\.operation) == ["SET", "GET"])
        }
    }

    @Test func silenceIsKept() async throws {
        try await RedisTestbed.with { bed in
            try await bed.talk(
                "CLIENT REPLY SKIP~SET @a 1~GET @a~CLIENT REPLY OFF~SET @a 2~CLIENT REPLY ON~GET @a~", "$1~1~+OK~$1~2~")
            #expect(try await bed.messages(.response).map(\.operation) == ["GET", "CLIENT REPLY", "GET"])
            // So is it where a fault refuses: nothing is said, and nothing is done.
            try await bed.inject("error", when: ["operation": "SET"])
            try await bed.talk(
                "CLIENT REPLY SKIP~SET @a 3~GET @a~CLIENT REPLY OFF~SET @a 4~CLIENT REPLY ON~SET @a 5~",
                "$1~2~+OK~-LOADING Redis is loading the dataset in memory~")
            #expect(try await bed.values("a") == ["2"])
        }
    }

    @Test func monitoringPasses() async throws {
        try await RedisTestbed.with { bed in
            try await bed.client.send("MONITOR\r\n")
            #expect(try await bed.client.receiveText(5) == "+OK\r\n")
            _ = try await bed.ask("GET @seen~")
            var text = ""
            while !text.contains(":seen\"\r\n") {
                text += String(decoding: try await bed.client.receive(), as: UTF8.self)
            }
            try await bed.links.eventually("it is answered") { $0.calls == 0 }
            #expect(try await bed.messages(.response).map(\.operation) == ["MONITOR"])
        }
    }

    @Test(arguments: [1, 16, 128]) func theBenchmarkIsUnderstood(pipeline: Int) async throws {
        try await RedisTestbed.with { bed in
            let port = bed.address.split(separator: ":").last.map(String.init) ?? ""
            let text = try await bed.run(
                "redis-benchmark",
                [
                    "-p", port, "-c", "8", "-n", "4096", "-P", "\(pipeline)", "-t",
                    "set,get,incr,lpush,lrange_100,mset", "-q",
                ])
            #expect(text.contains("MSET") && !text.contains("rror"), "\(text)")
            let requests = try await bed.links.messages(.request)
            for operation in ["SET", "GET", "INCR", "MSET"] {
                #expect(requests.count { $0.operation == operation } >= 4096)
            }
            let answers = try await bed.links.messages(.response)
            #expect(answers.count == requests.count)
            #expect(answers.allSatisfy { $0.code.isEmpty || $0.operation == "CONFIG GET" })
        }
    }
}

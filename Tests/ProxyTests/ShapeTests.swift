import Faults
import Proxy
import Testing
import Wire

/// What windows make of bytes that pass: damage, pieces, rates. Nothing is timed but lower bounds.
struct ShapeTests {
    // MARK: Bandwidth

    @Test func aRateHoldsBytesBackAndLosesNone() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("bandwidth", ["rate": "200KB/s"], when: ["direction": "request"]))
            let size = 60_000
            let start = ContinuousClock.now
            async let sent: Void = Bulk.send(size, through: client)
            #expect(try await Bulk.firstDifference(in: size, from: server) == nil)
            // 300 ms by the rate; one piece may go at once.
            #expect(ContinuousClock.now - start >= .milliseconds(280))
            try await sent
            #expect(try await links.struck() >= 1)
            #expect(try await links.messages(.request).contains { $0.action == .shaped && $0.window == 1 })
        }
    }

    @Test func whatFitsTheRateIsNoStrike() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("bandwidth", ["rate": "100MB/s"], when: ["direction": "request"]))
            try await client.send("small")
            #expect(try await server.receiveText(5) == "small")
            #expect(try await links.struck() == 0)
            #expect(try await links.messages(.request).map(\.action) == [.forwarded])
        }
    }

    @Test func aSenderFeelsTheRate() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("bandwidth", ["rate": "1KB/s"]))
            let size = 32 * 1024 * 1024
            async let sent: Void = Bulk.send(size, through: client)
            try await links.expectBoundedMemory()
            try await links.heal()
            #expect(try await Bulk.firstDifference(in: size, from: server) == nil)
            try await sent
        }
    }

    @Test func theSlowestRateCountsAndTheEndComesLast() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(
                .inject("bandwidth", ["rate": "100MB/s"], id: 1), .inject("bandwidth", ["rate": "50KB/s"], id: 2))
            let start = ContinuousClock.now
            try await client.send([UInt8](repeating: 7, count: 10_000))
            client.sendEnd()
            #expect(try await server.receiveAll().utf8.count == 10_000)
            #expect(ContinuousClock.now - start >= .milliseconds(180))
            #expect(try await links.links.progress()[1]?.struck == 0)
            #expect(try await links.links.progress()[2]?.struck == 1)
        }
    }

    // MARK: Slice

    @Test func aMessageGoesOutInPieces() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("slice", ["size": "3B", "gap": "1h"], when: ["direction": "request"]))
            try await client.send("abcdefgh")
            #expect(try await server.receiveText(3) == "abc")
            try await links.eventually("the rest waits for its turn") { $0.bytes == 5 }
            #expect(server.isQuiet)
            #expect(try await links.struck() == 1)
            try await links.heal()
            #expect(try await server.receiveText(5) == "defgh")
        }
    }

    @Test func piecesAreInOrderAndWhole() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("slice", ["size": "1000B", "variation": "900B", "gap": "100us"]))
            let size = 300_000
            async let sent: Void = Bulk.send(size, through: client)
            #expect(try await Bulk.firstDifference(in: size, from: server) == nil)
            try await sent
            #expect(try await links.struck() >= 1)
        }
    }

    @Test func aMessageOfOnePieceIsNoStrike() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("slice", ["size": "3B"], when: ["direction": "request"]))
            try await client.send("abc")
            #expect(try await server.receiveText(3) == "abc")
            #expect(try await links.struck() == 0)
        }
    }

    // MARK: Corrupt

    @Test func bitsAreFlippedAndNothingElse() async throws {
        let sent = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        var received: [[UInt8]] = []
        // Cut in chunks of different sizes: what is struck depends on the place in the stream alone.
        for part in [100_000, 1_777] {
            try await TestLinks.connected { links, client, server in
                try await links.apply(.inject("corrupt", ["rate": "1%"], when: ["direction": "request"]))
                async let all = server.receive(sent.count)
                for start in stride(from: 0, to: sent.count, by: part) {
                    try await client.send(Array(sent[start..<min(start + part, sent.count)]))
                }
                received.append(try await all)
                #expect(try await links.struck() >= 1)
                #expect(try await links.messages(.request).contains { $0.action == .corrupted })
            }
        }
        let damaged = zip(sent, received[0]).filter { $0 != $1 }
        #expect(received[0].count == sent.count)
        #expect((500...2_000).contains(damaged.count))
        #expect(damaged.allSatisfy { ($0 ^ $1).nonzeroBitCount == 1 })
        #expect(received[0] == received[1])
    }

    @Test func undamagedIsNoStrike() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(.inject("corrupt", ["rate": "0.000001%"]))
            try await client.send("abc")
            #expect(try await server.receiveText(3) == "abc")
            #expect(try await links.struck() == 0)
        }
    }

    // MARK: Together

    @Test func severalAtOnce() async throws {
        try await TestLinks.connected { links, client, server in
            try await links.apply(
                .inject("latency", ["delay": "20ms"], id: 1), .inject("slice", ["size": "100B"], id: 2),
                .inject("bandwidth", ["rate": "100KB/s"], id: 3), .inject("corrupt", ["rate": "100%"], id: 4))
            let start = ContinuousClock.now
            try await client.send([UInt8](repeating: 0, count: 5_000))
            client.sendEnd()
            let received = try await server.receive(5_001)
            #expect(ContinuousClock.now - start >= .milliseconds(60))
            #expect(received.count == 5_000)
            #expect(received.allSatisfy { $0.nonzeroBitCount == 1 })
            let progress = try await links.links.progress()
            #expect((1...4).map { progress[$0]?.struck == 0 } == [false, false, false, false])
        }
    }
}

import Faults
import Proxy
import Testing
import Wire

/// Bulk goes through a pipe of the kernel and small messages through a buffer; no byte may tell the difference.
struct SpliceTests {
    @Test func bulkAndSmallMessagesKeepTheirOrder() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            for round in 1...5 {
                async let sent: Void = Bulk.send(Self.size, through: client)
                #expect(try await Bulk.firstDifference(in: Self.size, from: server) == nil, "round \(round)")
                try await sent
                for number in 1...50 {
                    try await client.send("ask \(number).")
                    #expect(try await server.receiveText("ask \(number).".utf8.count) == "ask \(number).")
                    try await server.send("tell \(number).")
                    #expect(try await client.receiveText("tell \(number).".utf8.count) == "tell \(number).")
                }
            }
            let events = try await links.messages(.request)
            // No read by copying is larger than the loop's buffer: larger chunks were spliced, so this test tests it.
            #expect(events.contains { $0.size > 65_536 })
            #expect(
                events.map(\.size).reduce(0, +) == 5
                    * (Self.size + (1...50).map { "ask \($0).".utf8.count }.reduce(0, +)))
        }
    }

    @Test func aWindowThatOpensInTheMiddleStrikesAndLosesNothing() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.tcp(to: listener.address)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            async let sent: Void = Bulk.send(4 * Self.size, through: client)
            #expect(try await Bulk.firstDifference(in: Bulk.block.count * 100, from: server) == nil)
            try await links.apply(.inject("latency", ["delay": "1ms"]))
            #expect(try await Bulk.firstDifference(in: Bulk.block.count * 50, from: server) == nil)
            try await links.heal()
            #expect(try await Bulk.firstDifference(in: 4 * Self.size - Bulk.block.count * 150, from: server) == nil)
            try await sent
            client.sendEnd()
            #expect(try await server.receiveAll() == "")
            let events = try await links.messages(.request)
            #expect(events.contains { $0.action == .delayed })
            #expect(events.contains { $0.size > 65_536 })
        }
    }

    private static let size = 8 << 20
}

import Faults
import Reactor
import Wire

/// What a `redis` link keeps of one connection.
final class RedisFlow: MessageFlow {
    var openCalls: Int { 0 }
    var owesAnswers: Bool { false }

    func consume(_ half: Connection.HalfPointer, _ bytes: UnsafeRawBufferPointer, of connection: Connection) -> Int? {
        connection.becomeOpaque(half, bytes) ? bytes.count : nil
    }

    func ended(_ direction: Direction, of connection: Connection) {}

    func cutShort(_ half: Connection.HalfPointer) {}
}

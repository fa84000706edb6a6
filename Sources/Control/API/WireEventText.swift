import Proxy
import Wire

/// Events as JSON, as the coder makes it of them with its keys sorted. There may be many thousands a second for each who watches,
/// and the coder takes ten times as long.
struct WireEventText {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func append(_ event: WireEvent) {
        append("{\"action\":\"", event.action.rawValue)
        append("\",\"code\":", quoted: event.code)
        append(",\"connection\":", event.connection)
        if let direction = event.direction { append(",\"direction\":\"", direction.rawValue, "\"") }
        append(",\"end\":", Int(event.end))
        append(",\"exchange\":", event.exchange)
        append(",\"key\":", quoted: event.key)
        append(",\"kind\":\"", event.kind.rawValue)
        append("\",\"lane\":", event.lane)
        append(",\"link\":", quoted: event.link)
        append(",\"operation\":", quoted: event.operation)
        if let time = event.retryAfterMilliseconds { append(",\"retryAfterMilliseconds\":", time) }
        append(",\"size\":", event.size)
        append(",\"status\":", event.status)
        append(",\"time\":", Int(event.time))
        append(",\"transaction\":", event.transaction)
        append(",\"window\":", event.window)
        append("}")
    }

    private mutating func append(_ texts: String...) { for text in texts { append(text) } }

    private mutating func append(_ name: String, _ number: Int) {
        append(name)
        append(String(number))
    }

    private mutating func append(_ name: String, quoted text: String) {
        append(name)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                append(byte < 0x10 ? "\\u000" : "\\u00", String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

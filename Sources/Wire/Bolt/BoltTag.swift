/// What Bolt's messages begin with (Bolt documentation, messages).
package enum BoltTag {
    package static let hello: UInt8 = 0x01
    package static let goodbye: UInt8 = 0x02
    package static let reset: UInt8 = 0x0F
    package static let run: UInt8 = 0x10
    package static let begin: UInt8 = 0x11
    package static let commit: UInt8 = 0x12
    package static let rollback: UInt8 = 0x13
    package static let discard: UInt8 = 0x2F
    package static let pull: UInt8 = 0x3F
    package static let telemetry: UInt8 = 0x54
    package static let route: UInt8 = 0x66
    package static let logon: UInt8 = 0x6A
    package static let logoff: UInt8 = 0x6B

    package static let success: UInt8 = 0x70
    package static let record: UInt8 = 0x71
    package static let ignored: UInt8 = 0x7E
    package static let failure: UInt8 = 0x7F
}

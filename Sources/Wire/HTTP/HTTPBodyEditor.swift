package enum HTTPBodyEditor {
    package static func apply(_ edits: [BodyEdit], toHead head: RawSpan, body: RawSpan) -> [UInt8]? { nil }
}

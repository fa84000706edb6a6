import Proxy

extension WireEvent {
    var lane: Int { 0 }
    var end: Int64 { time }
    var retryAfterMilliseconds: Int? { nil }
}

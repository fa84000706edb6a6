import Proxy

extension LinkConfiguration {
    /// Where it listens, for people: `a free port of 127.0.0.1`.
    var listenWords: String {
        listen.hasSuffix(":0") ? "a free port of \(listen.dropLast(2))" : listen
    }
}

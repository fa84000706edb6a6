extension StoreError {
    /// Nothing was asked yet, because no connection came about.
    init(service: String, operation: String, connecting error: Interruption) {
        let code = if case .system = error { Code.connect } else { error.code }
        self.init(
            service: service, operation: operation, outcome: .definite, isTransient: error.isTransient, code: code,
            message: "connecting: \(error.message)")
    }

    /// The configured address is none.
    init(service: String, operation: String, unreadable address: String) {
        // The address may hold a password.
        let shown = address.split(separator: "@").last.map(String.init) ?? ""
        self.init(
            service: service, operation: operation, outcome: .definite, isTransient: false, code: Code.misuse,
            message: "the address of \(service) cannot be read: \(shown); give scheme://host:port")
    }
}

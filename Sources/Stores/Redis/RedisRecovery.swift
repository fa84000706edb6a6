/// What becomes of a connection whose server refuses writes, as a replica does.
package enum RedisRecovery: Hashable, Sendable {
    /// It is closed: a new one leads to whoever is master by now.
    case none
    /// It is used on, for as long as it lasts.
    case keepsReplicas
}

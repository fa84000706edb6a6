import Glibc

/// How many descriptors this process may have open (RLIMIT_NOFILE): two for each connection through a link.
package enum DescriptorLimit {
    /// Raises the limit as far as the system lets a process do so by itself.
    ///
    /// - Returns: the limit from now on.
    @discardableResult
    package static func raise() -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}

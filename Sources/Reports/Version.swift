/// Which faultline this is.
package enum Version {
    package static let text = "0.2.0"
}

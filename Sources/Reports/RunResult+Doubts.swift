import Consistency
package import Experiments

extension RunResult {
    /// What could not be told, and why. The ruling's reasons begin with one for each check that is violated.
    package var doubts: ArraySlice<String> {
        ruling.reasons.dropFirst(CheckRow.all(self).count { !$0.violations.isEmpty })
    }
}

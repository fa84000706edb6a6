/// What happens while a stack starts and stops.
package enum StackProgress: Sendable {
    /// Processes of an earlier start that was cut off are being ended.
    case clearing(Int)
    case starting(String)
    /// It was up before and answers.
    case alreadyUp(String)
    /// Somebody else has its port; it gets another.
    case portTaken(String, port: Int)
    case ready(String, after: Duration, note: String)
    case failed(String)
    case stopped(String, after: Duration)
}

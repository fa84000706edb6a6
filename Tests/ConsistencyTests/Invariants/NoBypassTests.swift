import Consistency
import Testing

struct NoBypassTests {
    @Test func holdsWhenEveryLinkSawTraffic() {
        #expect(NoBypass().check(.one()) == .holds(checked: 6))
    }

    @Test func aSilentLink() {
        var world = World.one()
        world.links[0].messages = 0
        #expect(
            NoBypass().check(world).texts == [
                """
                no-bypass: expected traffic to s3 on link s3, as 1 document succeeded; \
                found no message at all: the worker went round the link
                """
            ])
    }

    /// A driver that asks on the link for its servers, and runs its queries where the answer leads it.
    @Test func aLinkThatIsAskedForTheWayAlone() {
        var world = World.one()
        (world.links[0].messages, world.links[0].errands) = (6, 6)
        #expect(
            NoBypass().check(world).texts == [
                """
                no-bypass: expected traffic to s3 on link s3, as 1 document succeeded; \
                found 6 messages that opened sessions or asked where the servers are, and none that used them: the worker's \
                driver went round the link
                """
            ])
        world.links[0].isCutShort = true
        #expect(NoBypass().check(world) == .unknown("the history of link s3 was cut short"))
        (world.links[0].messages, world.links[0].isCutShort) = (7, false)
        #expect(NoBypass().check(world).verdict == .held)
    }

    @Test func aKeyThatNobodySaw() {
        var world = World.one()
        world.submissions[0].sourceKey = "in/d.txt"
        #expect(
            NoBypass().check(world).texts == [
                """
                no-bypass: document d: expected key in/d.txt on link s3, as its ingest succeeded; \
                found no message with that key: the worker went round the link
                """
            ])
        world.links[0].keys?.insert("in/d.txt")
        #expect(NoBypass().check(world).verdict == .held)
    }

    @Test func unknownWhenTheHistoryWasCutShort() {
        var world = World.one()
        world.submissions[0].sourceKey = "in/d.txt"
        world.links[0].isCutShort = true
        #expect(NoBypass().check(world) == .unknown("the history of link s3 was cut short"))
    }

    @Test func notAskedWhenNoDocumentWasWrittenUnderFire() {
        #expect(NoBypass().check(.one(.rolledBack, isThere: false)).verdict == nil)
        // What the baseline sent is not in the traffic.
        let undone = Submission(document: "d", .reingest, content: "v2", .rolledBack)
        var world = World.after([undone], stored: "v1")
        world.links[0].keys = []
        #expect(NoBypass().check(world).verdict == nil)
        world.submissions.removeLast()
        #expect(NoBypass().check(world) == .unknown("nothing was submitted"))
    }

    @Test func unknownWithoutLinks() {
        var world = World.one()
        world.links = []
        #expect(NoBypass().check(world) == .unknown("no link stood between the worker and its services"))
    }
}

import Foundation
import Glibc
import Stack
import Stores

/// A worker on Temporal's SDK for Python, as a process of its own. What its workflow does is in the document's name.
final class PythonWorker: Sendable {
    let queue = "faultline-\(UUID().uuidString.lowercased())"
    private let id: Int32

    /// Polls when this returns.
    init(_ endpoints: Endpoints) throws {
        let home = try StackHome.standard()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(home.python)/bin/python")
        process.arguments = ["-u", "-c", Self.script, endpoints.temporal ?? "", queue]
        process.environment = ["PYTHONPATH": "\(home.folder)/clients/temporalio", "PATH": "/usr/bin:/bin"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        id = process.processIdentifier
        _ = output.fileHandleForReading.availableData
    }

    deinit { kill(id, SIGKILL) }

    private static let script = """
        import asyncio, sys
        from datetime import timedelta
        from temporalio import activity, workflow
        from temporalio.client import Client
        from temporalio.common import RetryPolicy
        from temporalio.exceptions import ApplicationError
        from temporalio.worker import UnsandboxedWorkflowRunner, Worker

        @activity.defn(name="write")
        async def write():
            raise ApplicationError("the disk is full", type="NoRoom", non_retryable=True)

        @workflow.defn(name="Ingest")
        class Ingest:
            @workflow.run
            async def run(self, document, *arguments):
                what = document.rpartition("/")[2]
                if what == "good":
                    return {"status": "success", "uuid": "u-1", "saw": [document, *arguments]}
                if what == "odd":
                    return {"status": "paused", "saw": [document, *arguments]}
                if what == "bad":
                    return {"status": "failed", "uuid": "u-2", "error": "ROLLED_BACK: no room"}
                if what == "raises":
                    await workflow.execute_activity(
                        write, start_to_close_timeout=timedelta(seconds=5), retry_policy=RetryPolicy(maximum_attempts=1))
                if what == "takes-a-while":
                    await asyncio.sleep(1)
                    return {"status": "success", "uuid": workflow.info().run_id}
                if what == "slow":
                    await asyncio.sleep(3600)
                if what == "stubborn":
                    return await asyncio.shield(asyncio.sleep(3600))

        async def main():
            client = await Client.connect(sys.argv[1])
            worker = Worker(client, task_queue=sys.argv[2], workflows=[Ingest], activities=[write],
                            workflow_runner=UnsandboxedWorkflowRunner())
            async with worker:
                print("ready")
                await asyncio.Event().wait()

        asyncio.run(main())
        """
}

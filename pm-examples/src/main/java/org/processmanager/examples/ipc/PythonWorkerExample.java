package org.processmanager.examples.ipc;

import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.ipc.ChannelPair;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;

/** A worker written in Python receives jobs through one pipe and sends the results through another. */
public final class PythonWorkerExample {
    /** Reads and writes the frames of docs/file-formats.md, for messages of at most 4064 bytes. */
    private static final String WORKER = """
            import math, os, struct

            HEADER = struct.Struct("=IBBHqiiiI")
            MAGIC, VERSION, BEGIN_AND_END = 0x504d4631, 1, 3

            def crc32c(data):
                crc = 0xffffffff
                for byte in data:
                    crc ^= byte
                    for _ in range(8):
                        crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
                return crc ^ 0xffffffff

            def messages(pipe):
                while header := pipe.read(HEADER.size):
                    magic, version, flags, size = HEADER.unpack(header)[:4]
                    assert (magic, version, flags) == (MAGIC, VERSION, BEGIN_AND_END), "not a short message"
                    yield pipe.read(size)

            def send(pipe, sequence, message):
                head = struct.pack("=IBBHqiii", MAGIC, VERSION, BEGIN_AND_END, len(message), os.getpid() + 5, sequence,
                                   len(message), 0)
                os.write(pipe, head + struct.pack("=I", crc32c(head)) + message)

            def inherited(name):
                return int(os.environ["PM_RESOURCE_" + name].removeprefix("fd:"))

            results = inherited("RESULTS")
            with os.fdopen(inherited("JOBS"), "rb") as jobs:
                for sequence, job in enumerate(messages(jobs)):
                    send(results, sequence, f"{job.decode()}! = {math.factorial(int(job))}".encode())
            """;

    private PythonWorkerExample() {}

    /** Sends three jobs and prints their results. */
    public static void main(String[] args) throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create();
                ChannelPair jobs = Ipc.pair("pipe:");
                ChannelPair results = Ipc.pair("pipe:");
                MessageReceiver receiver = results.receiver()) {
            ManagedProcess worker = manager.command("python3", "-c", WORKER)
                    .pass("jobs", jobs.receiverForChild())
                    .pass("results", results.senderForChild())
                    .start();
            try (MessageSender sender = jobs.sender()) {
                for (String number : new String[] {"5", "20", "30"}) {
                    sender.send(number, Codec.utf8());
                }
            } // the worker finds the end of its jobs, and exits
            receiver.forEach(Codec.utf8(), System.out::println); // returns when the worker has exited
            System.out.println("the worker left with " + worker.await().status());
        }
    }
}

package com.example.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.monitor.ProcessTable;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedLong;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;

/** One use of each library: replace the methods by your own. */
public final class Main {
    private Main() {}

    /** Prints what the libraries returned. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("example-app-");
        try {
            System.out.println("a program printed: " + run());
            System.out.println("the process table shows it: " + isListed());
            System.out.println("counted under a lock: " + count(directory.resolve("region")));
            System.out.println("received: " + send("mapped:" + directory.resolve("channel")));
        } finally {
            Files.delete(directory);
        }
    }

    /** Runs a program to its end and returns its output. */
    static String run() throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            return manager.command("echo", "hello").run().stdoutText().strip();
        }
    }

    /** Starts a program and returns whether the process table lists it; closing the manager stops the program. */
    static boolean isListed() throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            ManagedProcess process = manager.command("sleep", "60").start();
            return ProcessTable.list().stream().anyMatch(row -> row.pid() == process.pid());
        }
    }

    /** Increments a number in shared memory, which other processes that open the file could do at the same time. */
    static long count(Path file) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.openOrCreate(file, SharedMemory.megabytes(1))) {
            SharedMutex mutex = memory.mutex("guard");
            SharedLong total = memory.atomicLong("total");
            try (Hold hold = mutex.acquire()) {
                if (hold.previousOwnerDied()) {
                    hold.markConsistent(); // a number is never half-written
                }
                total.set(total.get() + 1);
                return total.get();
            } finally {
                memory.delete();
            }
        }
    }

    /** Sends a message and returns it as received; the two ends may be in two processes. */
    static String send(String endpoint) throws InterruptedException {
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                MessageSender sender = Ipc.sender(endpoint)) {
            sender.send("hello", Codec.utf8());
            return receiver.receive(Codec.utf8(), Duration.ofSeconds(10));
        } finally {
            Ipc.delete(endpoint);
        }
    }
}

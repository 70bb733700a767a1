package consumer;

import java.nio.file.Path;
import java.time.Duration;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.Hold;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;

/** One call of each library, as an external project would use it. */
public final class Main {
    private Main() {}

    /** Runs with one argument, the directory for its files. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        runs();
        locks(directory.resolve("region"));
        sends("mapped:" + directory.resolve("channel") + "?capacity=64k");
        System.out.println("consumer: all is well");
    }

    private static void runs() throws InterruptedException {
        try (ProcessManager manager = ProcessManager.create()) {
            ProcessResult result = manager.command("echo", "hi").run();
            expect("hi\n", result.stdoutText());
        }
    }

    private static void locks(Path file) throws InterruptedException {
        try (SharedMemory memory = SharedMemory.openOrCreate(file, 1 << 20)) {
            SharedMutex mutex = memory.mutex("stock");
            try (Hold hold = mutex.acquire()) {
                expect(false, hold.previousOwnerDied());
            }
        }
    }

    private static void sends(String endpoint) throws InterruptedException {
        try (MessageReceiver receiver = Ipc.receiver(endpoint);
                MessageSender sender = Ipc.sender(endpoint)) {
            sender.send("hello", Codec.utf8());
            expect("hello", receiver.receive(Codec.utf8(), Duration.ofSeconds(10)));
        }
    }

    private static void expect(Object wanted, Object got) {
        if (!wanted.equals(got)) {
            throw new AssertionError("wanted " + wanted + ", got " + got);
        }
    }
}

package org.processmanager.examples.ipc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.OpenMode;

/** Several processes send to one, each through a lane of its own that no other can fill. */
public final class ManyToOneExample {
    private static final int SENDERS = 3;
    private static final int EACH = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ManyToOneExample() {}

    /** Counts the messages of each sender; with an endpoint and a name, is a sender. */
    public static void main(String[] args) throws Exception {
        if (args.length == 2) {
            send(args[0], args[1]);
            return;
        }
        Path file = Files.createTempDirectory("pm-example-").resolve("channel");
        String endpoint = "mapped:" + file;
        try (ProcessManager manager = ProcessManager.create();
                MessageReceiver receiver =
                        Ipc.receiver(endpoint + "?end=never&senders=" + SENDERS, OpenMode.CREATE_NEW)) {
            List<ManagedProcess> senders = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                senders.add(ChildJava.command(manager, ManyToOneExample.class, endpoint, "sender " + i)
                        .start());
            }
            Map<String, Integer> counts = new TreeMap<>();
            for (int i = 0; i < SENDERS * EACH; i++) {
                String name = receiver.receive(Codec.utf8(), PATIENCE);
                if (name == null) {
                    throw new IllegalStateException("no message within " + PATIENCE.toSeconds() + " s: " + senders);
                }
                counts.merge(name, 1, Integer::sum);
            }
            for (ManagedProcess sender : senders) {
                ChildJava.awaitSuccess(sender);
            }
            counts.forEach((name, count) -> System.out.println(name + ": " + count));
        } finally {
            Ipc.delete(endpoint);
            Files.deleteIfExists(file.getParent());
        }
    }

    private static void send(String endpoint, String name) throws InterruptedException {
        try (MessageSender sender = Ipc.sender(endpoint, OpenMode.OPEN_EXISTING)) {
            for (int i = 0; i < EACH; i++) {
                sender.send(name, Codec.utf8());
            }
        }
    }
}

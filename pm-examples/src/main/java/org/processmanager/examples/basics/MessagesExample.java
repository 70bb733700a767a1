package org.processmanager.examples.basics;

import java.nio.file.Files;
import java.nio.file.Path;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.OpenMode;

/** One process sends messages, another receives them until the sender has left. */
public final class MessagesExample {
    private MessagesExample() {}

    /** Receives, and starts the sender; with an endpoint, is the sender. */
    public static void main(String[] args) throws Exception {
        if (args.length == 1) {
            send(args[0]);
            return;
        }
        Path file = Files.createTempDirectory("pm-example-").resolve("channel");
        String endpoint = "mapped:" + file;
        try (ProcessManager manager = ProcessManager.create();
                MessageReceiver receiver = Ipc.receiver(endpoint, OpenMode.CREATE_NEW)) {
            ManagedProcess sender =
                    ChildJava.command(manager, MessagesExample.class, endpoint).start();
            receiver.forEach(Codec.utf8(), text -> System.out.println("received: " + text));
            System.out.println("the sender left with " + sender.await().status());
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.getParent());
        }
    }

    private static void send(String endpoint) throws InterruptedException {
        try (MessageSender sender = Ipc.sender(endpoint, OpenMode.OPEN_EXISTING)) {
            for (String text : new String[] {"one", "two", "three"}) {
                sender.send(text, Codec.utf8());
            }
        }
    }
}

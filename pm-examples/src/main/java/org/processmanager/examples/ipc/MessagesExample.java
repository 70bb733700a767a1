package org.processmanager.examples.ipc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.examples.ChildJava;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.OpenMode;

/** One process sends messages, another receives them until the sender has closed the channel. */
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
            receive(receiver, sender);
            System.out.println("the sender left with " + sender.await().status());
        } finally {
            Ipc.delete(endpoint);
            Files.deleteIfExists(file.getParent());
        }
    }

    /** If the sender certainly opens the channel, {@code receiver.forEach(Codec.utf8(), ...)} does the same. */
    private static void receive(MessageReceiver receiver, ManagedProcess sender) throws InterruptedException {
        while (true) {
            boolean mayStillOpen = sender.state() != ManagedProcess.State.EXITED;
            String text = receiver.receive(Codec.utf8(), Duration.ofSeconds(1));
            if (text != null) {
                System.out.println("received: " + text);
            } else if (receiver.isChannelClosed() || !mayStillOpen) {
                return; // a sender that died before it opened the channel does not close it
            }
        }
    }

    private static void send(String endpoint) throws InterruptedException {
        try (MessageSender sender = Ipc.sender(endpoint, OpenMode.OPEN_EXISTING)) {
            for (String text : new String[] {"one", "two", "three"}) {
                sender.send(text, Codec.utf8()); // throws if the channel did not accept it
            }
        }
    }
}

package org.processmanager.examples.ipc;

import java.nio.ByteBuffer;
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
import org.processmanager.ipc.ReceiveResult;
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
            receive(receiver, sender);
            System.out.println("the sender left with " + sender.await().status());
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.getParent());
        }
    }

    /** Where it is certain that the sender comes, {@code receiver.forEach(Codec.utf8(), ...)} does all this. */
    private static void receive(MessageReceiver receiver, ManagedProcess sender) throws InterruptedException {
        ByteBuffer message = ByteBuffer.allocate(1024);
        while (true) {
            boolean mayStillCome = sender.state() != ManagedProcess.State.EXITED;
            ReceiveResult received = receiver.receive(message.clear(), Duration.ofSeconds(1));
            if (received.isMessage()) {
                System.out.println("received: " + Codec.utf8().decode(message, 0, received.length()));
            } else if (received.kind() == ReceiveResult.Kind.CLOSED || !mayStillCome) {
                return; // a sender that died before it opened the channel has never been part of it
            }
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

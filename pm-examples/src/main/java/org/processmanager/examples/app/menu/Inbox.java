package org.processmanager.examples.app.menu;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.processmanager.core.event.EventListener;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.ipc.SendStatus;
import org.processmanager.sync.OpenMode;

/**
 * A channel that this process receives from. A sender opens it for one message only, so that this menu and other programs
 * can take turns.
 */
final class Inbox implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 5;

    private final Channel channel;
    private final EventListener journal;
    private final MessageReceiver receiver;

    private Inbox(Channel channel, EventListener journal, MessageReceiver receiver) {
        this.channel = channel;
        this.journal = journal;
        this.receiver = receiver;
    }

    /** Opens an inbox that no other process has. */
    static Inbox open(Channel channel, EventListener journal) {
        return new Inbox(
                channel,
                journal,
                Ipc.receiver(channel.endpoint(), OpenMode.CREATE_NEW).reportingTo(journal));
    }

    /** Returns the endpoint for senders. */
    String endpoint() {
        return channel.endpoint();
    }

    Channel channel() {
        return channel;
    }

    /**
     * Sends a text to this inbox.
     *
     * @throws IllegalArgumentException if it is too long
     * @throws IllegalStateException if there is no room for it
     * @throws ChannelBusyException if another program is the sender for too long
     */
    void send(String text) throws InterruptedException {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        try (MessageSender sender = openSender()) {
            SendStatus status = sender.offer(message);
            if (status != SendStatus.SENT) {
                throw new IllegalStateException("the inbox is " + status.name().toLowerCase(Locale.ROOT)
                        + ": receive some of its messages first");
            }
        }
    }

    /** Takes the oldest message, if any. Never waits. */
    Optional<String> receive() {
        byte[][] message = new byte[1][];
        receiver.poll(
                (buffer, offset, length) -> {
                    message[0] = new byte[length];
                    buffer.get(offset, message[0]);
                },
                1);
        if (message[0] == null) {
            return Optional.empty();
        }
        return Optional.of(new String(message[0], StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        receiver.close();
        channel.delete();
    }

    private MessageSender openSender() throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            try {
                return Ipc.sender(endpoint(), OpenMode.OPEN_EXISTING).reportingTo(journal);
            } catch (ChannelBusyException e) {
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }
}

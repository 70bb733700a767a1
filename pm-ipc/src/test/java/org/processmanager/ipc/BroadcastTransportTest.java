package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract for broadcasts in shared memory; {@code BroadcastTest} tests the rest. */
class BroadcastTransportTest extends TransportContract {
    @Override
    protected String scheme() {
        return "mapped";
    }

    @Override
    protected String title() {
        return "mapped:?mode=broadcast";
    }

    @Override
    protected Endpoint form(Endpoint plain) {
        return plain.with("mode", "broadcast");
    }

    @Override
    protected boolean keepsMessagesWithoutReceiver() {
        return false;
    }

    @Override
    protected boolean canClaim() {
        return true;
    }

    @Override
    protected boolean acceptsSeveralSenders() {
        return false;
    }

    @Override
    protected boolean acceptsSeveralReceivers() {
        return true;
    }

    /** Without receivers a broadcast continues, and a receiver gets what is sent after it joined. */
    @Override
    @Test
    void senderWithoutReceiver_waitsOrKeepsItsMessages() throws Exception {
        try (MessageSender sender = sender()) {
            for (int i = 0; i < 100; i++) {
                assertEquals(SendStatus.SENT, sender.offer(numbered(i, 5_000)));
            }
            try (MessageReceiver receiver = receiver()) {
                sender.send(bytes("heard"));
                assertEquals(List.of("heard"), drain(receiver));
            }
        }
    }

    /** A receiver that closes holds the sender up no longer. */
    @Override
    @Test
    void blockedSend_afterTheReceiverCloses_throws() throws Exception {
        try (MessageSender sender = sender()) {
            MessageReceiver receiver = receiver();
            fill(sender, 1_000);
            Background<Void> sending = Background.runAndBlock(() -> sender.send(numbered(0, 1_000)));
            receiver.close();
            sending.get();
            assertEquals(SendStatus.SENT, sender.offer(numbered(0, 1_000)));
        }
    }

    @Override
    @Test
    void timedSend_afterTheReceiverCloses_notConnected() throws Exception {
        try (MessageSender sender = sender()) {
            MessageReceiver receiver = receiver();
            fill(sender, 1_000);
            Background<SendStatus> sending = Background.startAndBlock(() -> sender.send(numbered(0, 1_000), LONG));
            receiver.close();
            assertEquals(SendStatus.SENT, sending.get());
        }
    }

    @Override
    @Test
    void batchSend_afterTheReceiverCloses_throws() throws Exception {
        try (MessageSender sender = sender()) {
            MessageReceiver receiver = receiver();
            fill(sender, 1_000);
            try (Batch batch = sender.batch()) {
                Background<Void> sending = Background.runAndBlock(() -> batch.send(numbered(0, 1_000)));
                receiver.close();
                sending.get();
            }
        }
    }

    /** {@link #endNever_waitsForTheNextSender} tests that it sleeps. */
    @Override
    void waitingReceiver_usesNoProcessorTime() {
        // not a test here: it takes 2 s
    }

    @Test
    void endpointWithoutMode_opensTheExistingForm() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = Ipc.sender(endpoint)) {
            sender.send(bytes("x"));
            assertEquals(List.of("x"), drain(receiver));
            assertEquals(form(Endpoint.parse(endpoint)), sender.snapshot().endpoint());
        }
        try (MessageReceiver receiver = Ipc.receiver(endpoint)) {
            assertNull(receiver.receive(java.time.Duration.ZERO));
        }
    }
}

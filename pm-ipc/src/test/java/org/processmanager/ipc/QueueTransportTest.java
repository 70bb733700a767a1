package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract for queues in shared memory; {@code QueueTest} tests the rest. */
class QueueTransportTest extends TransportContract {
    @Override
    protected String scheme() {
        return "mapped";
    }

    @Override
    protected String title() {
        return "mapped:?mode=queue";
    }

    @Override
    protected Endpoint form(Endpoint plain) {
        return plain.with("mode", "queue");
    }

    @Override
    protected boolean keepsMessagesWithoutReceiver() {
        return true;
    }

    @Override
    protected boolean canClaim() {
        return false;
    }

    @Override
    protected boolean holdsBatchesBack() {
        return false;
    }

    @Override
    protected boolean acceptsSeveralReceivers() {
        return true;
    }

    /** Deleting a queue discards what was not taken. */
    @Override
    @Test
    void delete_freesTheNameWithItsMessages() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = sender()) {
            sender.send(bytes("old"));
            assertTrue(Ipc.delete(endpoint));
            assertFalse(Ipc.delete(endpoint));
            try (MessageReceiver next = receiver();
                    MessageSender nextSender = sender()) {
                nextSender.send(bytes("new"));
                assertEquals(List.of("new"), drain(next), "nothing of the deleted channel");
            }
            assertEquals(MessageReceiver.CLOSED, receiver.poll((b, o, l) -> {}, 1));
            assertEquals(SendStatus.CLOSED, sender.offer(bytes("x")));
        }
    }

    @Test
    void endpointWithoutMode_opensTheExistingForm() throws Exception {
        try (MessageReceiver receiver = receiver();
                MessageSender sender = Ipc.sender(endpoint)) {
            sender.send(bytes("x"));
            assertEquals(List.of("x"), drain(receiver));
            assertEquals(form(Endpoint.parse(endpoint)), sender.snapshot().endpoint());
        }
    }

    /** {@link #endNever_waitsForTheNextSender} tests that it sleeps. */
    @Override
    void waitingReceiver_usesNoProcessorTime() {
        // not a test here: it takes 2 s
    }
}

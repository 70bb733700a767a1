package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.MessageReceived;
import org.processmanager.core.event.ProcessEvent.MessageSent;
import org.processmanager.fixtures.Tmp;

/** Ends that report their messages as events. */
class ReportingTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    private final List<ProcessEvent> events = new ArrayList<>();
    private String endpoint;
    private MessageSender sender;
    private MessageReceiver receiver;

    @BeforeEach
    void open() {
        endpoint = "mapped:" + tmp.name("c") + "?capacity=4k&max=2k";
        receiver = Ipc.receiver(endpoint).reportingTo(events::add);
        sender = Ipc.sender(endpoint).reportingTo(events::add);
    }

    @AfterEach
    void close() {
        sender.close();
        receiver.close();
        Ipc.delete(endpoint);
    }

    /** Returns the events so far: the bytes of a message, negative if it was received. */
    private List<Long> events() {
        List<Long> bytes = new ArrayList<>();
        for (ProcessEvent event : events) {
            assertEquals(ProcessHandle.current().pid(), event.reporter());
            if (event instanceof MessageSent sent) {
                assertEquals(endpoint, sent.endpoint());
                bytes.add(sent.bytes());
            } else {
                bytes.add(-((MessageReceived) event).bytes());
            }
        }
        events.clear();
        return bytes;
    }

    @Test
    void eachFormOfSending_isReportedOnce() throws Exception {
        sender.send(new byte[1]);
        assertEquals(SendStatus.SENT, sender.offer(new byte[2]));
        assertEquals(SendStatus.SENT, sender.send(new byte[3], Duration.ZERO));
        sender.send("four", Codec.utf8());
        try (Claim claim = sender.claim(5)) {
            claim.commit();
        }
        try (Claim claim = Objects.requireNonNull(sender.tryClaim(6))) {
            claim.buffer().put(0, (byte) 1);
        }
        try (Batch batch = sender.batch()) {
            batch.send(new byte[7]);
            assertEquals(SendStatus.SENT, batch.offer(new byte[8]));
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 7L, 8L), events());
    }

    @Test
    void messageThatWasNotSent_isNotReported() {
        int sent = 0;
        while (sender.offer(new byte[1000]) == SendStatus.SENT) {
            sent++;
        }
        assertEquals(sent, events().size());
        assertThrows(IllegalArgumentException.class, () -> sender.send(new byte[5000]));
        assertEquals(List.of(), events());
    }

    @Test
    void eachFormOfReceiving_isReportedOnce() throws Exception {
        for (int bytes = 1; bytes <= 7; bytes++) {
            sender.send(new byte[bytes]);
        }
        events.clear();
        receiver.receive();
        receiver.receive(Duration.ZERO);
        receiver.receive(Codec.bytes());
        receiver.receive(Codec.bytes(), Duration.ZERO);
        receiver.receive(ByteBuffer.allocate(9), Duration.ZERO);
        assertEquals(1, receiver.poll((buffer, offset, length) -> {}, 1));
        sender.close();
        receiver.forEach((buffer, offset, length) -> {});
        assertEquals(List.of(-1L, -2L, -3L, -4L, -5L, -6L, -7L), events());
        assertEquals(ReceiveResult.CLOSED, receiver.receive(ByteBuffer.allocate(9), Duration.ZERO));
        assertEquals(List.of(), events());
    }

    @Test
    void listenerThatFails_harmsNothing() throws Exception {
        receiver.close();
        MessageReceiver failing = Ipc.receiver(endpoint).reportingTo(event -> {
            throw new IllegalStateException("expected by the test");
        });
        receiver = failing;
        sender.send(new byte[1]);
        assertEquals(1, Objects.requireNonNull(failing.receive()).length);
    }
}

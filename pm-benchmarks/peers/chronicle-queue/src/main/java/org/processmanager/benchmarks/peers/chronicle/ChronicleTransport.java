package org.processmanager.benchmarks.peers.chronicle;

import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.threads.Pauser;
import net.openhft.chronicle.wire.DocumentContext;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Message;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Transport;

/** Chronicle Queue in shared memory. It keeps all messages, so it is never full. */
public final class ChronicleTransport implements Transport {
    private static final String EASING = "easing";
    private static final String BUSY = "Pauser.busy";
    private static final String BALANCED = "Pauser.balanced";

    private final String directory;
    private final int bytes;
    private final boolean crowded;
    private final boolean blocking;
    private final List<Closeable> open = new ArrayList<>(); // guarded by itself

    public ChronicleTransport(Params settings) {
        directory = settings.scratch().resolve(settings.text("channel")).toString();
        bytes = settings.number("bytes");
        blocking = settings.text("mode").equals("blocking");
        crowded = settings.number("senders") > 1 || blocking;
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public void create() {
        queue();
    }

    private ChronicleQueue queue() {
        return opened(SingleChronicleQueueBuilder.binary(directory).build());
    }

    private <T extends Closeable> T opened(T resource) {
        synchronized (open) {
            open.add(0, resource);
        }
        return resource;
    }

    @Override
    public List<String> variants() {
        if (blocking) {
            return List.of(BALANCED);
        }
        return List.of(crowded ? BALANCED : BUSY, EASING);
    }

    @Override
    public Idle idle(String variant) {
        return switch (variant) {
            case BUSY -> new Pausing(Pauser.busy());
            case BALANCED -> new Pausing(Pauser.balanced());
            default -> Idle.easing();
        };
    }

    @Override
    public Sender sender(int index) {
        ExcerptAppender appender = opened(queue().createAppender());
        Bytes<?> message = Bytes.allocateElasticDirect(bytes);
        return head -> {
            message.clear();
            message.writeLimit(bytes).writePosition(bytes);
            message.writeLong(0, head);
            message.writeLong(bytes - Long.BYTES, Message.tail(head));
            appender.writeBytes(message);
            return true;
        };
    }

    @Override
    public Receiver receiver(int index) {
        ExcerptTailer tailer = opened(queue().createTailer());
        return (sink, limit) -> {
            int count = 0;
            while (count < limit) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        return count;
                    }
                    Bytes<?> message = document.wire().bytes();
                    long start = message.readPosition();
                    sink.accept(message.readLong(start), message.readLong(start + bytes - Long.BYTES));
                    count++;
                }
            }
            return count;
        };
    }

    @Override
    public void close() {
        synchronized (open) {
            open.forEach(Closeable::close);
        }
    }

    private record Pausing(Pauser pauser) implements Idle {
        @Override
        public void idle() {
            pauser.pause();
        }

        @Override
        public void reset() {
            pauser.reset();
        }
    }
}

package org.processmanager.benchmarks.peers.agrona;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Message;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Sink;
import org.processmanager.benchmarks.multiprocess.message.Transport;

/** Agrona's ring buffers over a mapped file: one-to-one with one sender, otherwise many-to-one. */
public final class AgronaTransport implements Transport {
    private static final int TYPE = 1;
    private static final String EASING = "easing";

    private final Path file;
    private final int bytes;
    private final int length;
    private final boolean oneToOne;
    private final boolean crowded;
    private final boolean blocking;

    public AgronaTransport(Params settings) {
        file = settings.scratch().resolve(settings.text("channel"));
        bytes = settings.number("bytes");
        length = settings.number("capacity") + RingBufferDescriptor.TRAILER_LENGTH;
        oneToOne = settings.number("senders") == 1;
        blocking = settings.text("mode").equals("blocking");
        crowded = !oneToOne || blocking;
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public void create() throws IOException {
        open();
    }

    private RingBuffer open() throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
            UnsafeBuffer buffer = new UnsafeBuffer(mapped);
            return oneToOne ? new OneToOneRingBuffer(buffer) : new ManyToOneRingBuffer(buffer);
        }
    }

    @Override
    public List<String> variants() {
        String documented = documented().alias();
        return blocking ? List.of(documented) : List.of(documented, EASING);
    }

    @Override
    public Idle idle(String variant) {
        return variant.equals(EASING) ? Idle.easing() : new Strategy(documented());
    }

    /**
     * The fastest idle strategy of Agrona; the yielding one if there are more workers than processors, or one should
     * sleep.
     */
    private IdleStrategy documented() {
        return crowded ? new BackoffIdleStrategy() : BusySpinIdleStrategy.INSTANCE;
    }

    @Override
    public Sender sender(int index) throws IOException {
        RingBuffer ring = open();
        UnsafeBuffer message = new UnsafeBuffer(new byte[bytes]);
        return head -> {
            message.putLong(0, head);
            message.putLong(bytes - Long.BYTES, Message.tail(head));
            return ring.write(TYPE, message, 0, bytes);
        };
    }

    @Override
    public Receiver receiver(int index) throws IOException {
        return new RingReceiver(open());
    }

    private record Strategy(IdleStrategy strategy) implements Idle {
        @Override
        public void idle() {
            strategy.idle();
        }

        @Override
        public void reset() {
            strategy.reset();
        }
    }

    private static final class RingReceiver implements Receiver {
        private final RingBuffer ring;
        private final MessageHandler handler = this::onMessage; // created once: a call of poll allocates nothing
        private Sink sink;

        RingReceiver(RingBuffer ring) {
            this.ring = ring;
        }

        @Override
        public int poll(Sink to, int limit) {
            sink = to;
            return ring.read(handler, limit);
        }

        private void onMessage(int type, MutableDirectBuffer buffer, int offset, int length) {
            sink.accept(buffer.getLong(offset), buffer.getLong(offset + length - Long.BYTES));
        }
    }
}

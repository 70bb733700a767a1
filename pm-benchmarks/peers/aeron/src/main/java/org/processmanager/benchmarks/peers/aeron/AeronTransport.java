package org.processmanager.benchmarks.peers.aeron;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Message;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Sink;
import org.processmanager.benchmarks.multiprocess.message.Transport;

/** Aeron over {@code aeron:ipc}, an exclusive publication for each sender. */
public final class AeronTransport implements Transport {
    private static final String URI = "aeron:ipc";
    private static final String EASING = "easing";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Params settings;
    private final int stream;
    private final int bytes;
    private final int senders;
    private final boolean crowded;
    private final boolean blocking;

    public AeronTransport(Params settings) {
        this.settings = settings;
        stream = settings.text("channel").equals("back") ? 2 : 1;
        bytes = settings.number("bytes");
        senders = settings.number("senders");
        blocking = settings.text("mode").equals("blocking");
        crowded = senders > 1 || blocking;
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public void create() {
        Node.withDriver(settings);
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
     * The fastest idle strategy of Aeron; the yielding one if there are more workers than processors, or one should
     * sleep.
     */
    private IdleStrategy documented() {
        return crowded ? new BackoffIdleStrategy() : BusySpinIdleStrategy.INSTANCE;
    }

    @Override
    public Sender sender(int index) {
        Node node = Node.of(settings);
        ExclusivePublication publication = node.client().addExclusivePublication(URI, stream);
        await(node, publication::isConnected);
        UnsafeBuffer message = new UnsafeBuffer(new byte[bytes]);
        return head -> {
            message.putLong(0, head);
            message.putLong(bytes - Long.BYTES, Message.tail(head));
            if (publication.offer(message, 0, bytes) > 0) {
                return true;
            }
            node.work();
            return false;
        };
    }

    @Override
    public Receiver receiver(int index) {
        Node node = Node.of(settings);
        Subscription subscription = node.client().addSubscription(URI, stream);
        await(node, () -> subscription.imageCount() == senders);
        return new SubscriptionReceiver(node, subscription);
    }

    private static void await(Node node, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            node.work();
            Thread.yield();
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("the other side did not connect");
            }
        }
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

    private static final class SubscriptionReceiver implements Receiver {
        private final Node node;
        private final Subscription subscription;
        private final FragmentHandler handler = this::onFragment;
        private Sink sink;

        SubscriptionReceiver(Node node, Subscription subscription) {
            this.node = node;
            this.subscription = subscription;
        }

        @Override
        public int poll(Sink to, int limit) {
            sink = to;
            int count = subscription.poll(handler, limit);
            if (count == 0) {
                node.work();
            }
            return count;
        }

        private void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
            sink.accept(buffer.getLong(offset), buffer.getLong(offset + length - Long.BYTES));
        }
    }
}

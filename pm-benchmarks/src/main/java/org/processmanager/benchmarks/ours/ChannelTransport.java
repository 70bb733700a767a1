package org.processmanager.benchmarks.ours;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Transport;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.Ipc;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.MessageSender;
import org.processmanager.sync.OpenMode;

/**
 * A channel of this library: {@code send} and the blocking forms of receiving, or {@code offer} and {@code poll} with an idle
 * strategy of the caller.
 */
public final class ChannelTransport implements Transport {
    private static final String WAITING = "send and wait";
    private static final String SPINNING = "offer/poll, spinning";
    private static final String EASING = "offer/poll, easing";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String endpoint;
    private final String mode;
    private final int bytes;
    private final boolean batches;
    private volatile boolean polling;

    public ChannelTransport(Params settings) {
        bytes = settings.number("bytes");
        mode = settings.text("mode");
        batches = settings.number("batch", 1) > 1;
        endpoint = endpoint(settings);
    }

    /** The sizes of the streams are those of the system, as those of their peers. */
    private static String endpoint(Params settings) {
        String scheme = settings.text("scheme");
        String channel = scheme + ":" + settings.scratch().resolve(settings.text("channel"));
        if (!scheme.equals("mapped")) {
            return channel;
        }
        String sized = channel + "?capacity=" + settings.text("capacity");
        if (settings.number("receivers") > 1) {
            return sized + "&mode=queue&max=" + settings.text("bytes");
        }
        int senders = settings.number("senders");
        return senders == 1 ? sized : sized + "&senders=" + senders;
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public List<String> variants() {
        return switch (mode) {
            case "blocking" -> List.of(WAITING);
            case "spinning" -> List.of(WAITING, SPINNING);
            default -> List.of(WAITING, EASING);
        };
    }

    @Override
    public Idle idle(String variant) {
        polling = !variant.equals(WAITING);
        return switch (variant) {
            case SPINNING -> Idle.spinning();
            case EASING -> Idle.easing();
            default -> Idle.none();
        };
    }

    boolean isPolling() {
        return polling;
    }

    @Override
    public Sender sender(int index) {
        MessageSender sender = openSender();
        return batches ? new BatchSender(this, sender, bytes) : new SingleSender(this, sender, bytes);
    }

    /** Waits for the receiver, which creates the channel. */
    private MessageSender openSender() {
        long start = System.nanoTime();
        while (true) {
            try {
                return Ipc.sender(endpoint, OpenMode.OPEN_EXISTING);
            } catch (ChannelNotFoundException e) {
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public Receiver receiver(int index) {
        MessageReceiver receiver = Ipc.receiver(endpoint, OpenMode.OPEN_OR_CREATE);
        return mode.equals("throughput") ? new StreamReceiver(this, receiver) : new OneReceiver(this, receiver, bytes);
    }
}

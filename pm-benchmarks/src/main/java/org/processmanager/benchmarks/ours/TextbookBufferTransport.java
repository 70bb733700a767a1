package org.processmanager.benchmarks.ours;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Sink;
import org.processmanager.benchmarks.multiprocess.message.Transport;
import org.processmanager.sync.Hold;
import org.processmanager.sync.SharedMemory;
import org.processmanager.sync.SharedMutex;
import org.processmanager.sync.SharedSemaphore;

/**
 * Dijkstra's bounded buffer: a {@code SharedMutex} and two {@code SharedSemaphore}s that count the empty and the
 * filled cells. The cells are in a mapped file:
 * <pre>
 *   0 head   128 tail   256 cell | cell | ...
 * </pre>
 */
public final class TextbookBufferTransport implements Transport {
    private static final String WAITING = "acquire";
    private static final String POLLING = "tryAcquire, easing";
    private static final int HEAD = 0;
    private static final int TAIL = 128;
    private static final int CELLS = 256;

    private final SharedMemory memory;
    private final SharedMutex mutex;
    private final SharedSemaphore empty;
    private final SharedSemaphore filled;
    private final ByteBuffer ring;
    private final int bytes;
    private final int cells;
    private volatile boolean polling;

    public TextbookBufferTransport(Params settings) throws IOException {
        bytes = settings.number("bytes");
        cells = settings.number("capacity") / bytes;
        memory = ForkRegion.open(settings);
        mutex = memory.mutex("mutex");
        empty = memory.semaphore("empty", cells);
        filled = memory.semaphore("filled", 0);
        try (FileChannel file = FileChannel.open(
                settings.scratch().resolve("cells"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ring = file.map(FileChannel.MapMode.READ_WRITE, 0, CELLS + (long) cells * bytes)
                    .order(ByteOrder.nativeOrder());
        }
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public List<String> variants() {
        return List.of(WAITING, POLLING);
    }

    @Override
    public Idle idle(String variant) {
        polling = variant.equals(POLLING);
        return polling ? Idle.easing() : Idle.none();
    }

    /** Acquires a permit and returns true; without {@code wait}, returns false if none is available. */
    private boolean taken(SharedSemaphore semaphore) throws InterruptedException {
        if (polling) {
            return semaphore.tryAcquire();
        }
        semaphore.acquire();
        return true;
    }

    @Override
    public Sender sender(int index) {
        return head -> {
            if (!taken(empty)) {
                return false;
            }
            try (Hold hold = mutex.acquire()) {
                Packet.write(ring, nextCell(TAIL), bytes, head);
            }
            filled.release();
            return true;
        };
    }

    @Override
    public Receiver receiver(int index) {
        byte[] message = new byte[bytes];
        return (sink, limit) -> take(message, sink);
    }

    private int take(byte[] message, Sink sink) throws InterruptedException {
        if (!taken(filled)) {
            return 0;
        }
        try (Hold hold = mutex.acquire()) {
            ring.get(nextCell(HEAD), message);
        }
        empty.release();
        Packet.deliver(message, sink);
        return 1;
    }

    /** Returns the offset of the cell at a cursor and advances the cursor. */
    private int nextCell(int cursor) {
        long position = ring.getLong(cursor);
        ring.putLong(cursor, position + 1);
        return CELLS + (int) (position % cells) * bytes;
    }

    @Override
    public void close() {
        memory.close();
    }
}

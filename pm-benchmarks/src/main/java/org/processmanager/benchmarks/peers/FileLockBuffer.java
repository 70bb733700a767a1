package org.processmanager.benchmarks.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.message.Idle;
import org.processmanager.benchmarks.multiprocess.message.Packet;
import org.processmanager.benchmarks.multiprocess.message.Receiver;
import org.processmanager.benchmarks.multiprocess.message.Sender;
import org.processmanager.benchmarks.multiprocess.message.Transport;

/**
 * A ring of cells in a mapped file, guarded by {@code FileChannel.lock}: what the JDK alone offers between processes.
 * <pre>
 *   0 head   128 tail   256 cell | cell | ...
 * </pre>
 */
public final class FileLockBuffer implements Transport {
    private static final int HEAD = 0;
    private static final int TAIL = 128;
    private static final int CELLS = 256;

    private final FileChannel channel;
    private final ByteBuffer memory;
    private final int bytes;
    private final int cells;

    public FileLockBuffer(Params settings) throws IOException {
        bytes = settings.number("bytes");
        cells = settings.number("capacity") / bytes;
        channel = FileChannel.open(
                settings.scratch().resolve(settings.text("channel")),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, CELLS + (long) cells * bytes)
                .order(ByteOrder.nativeOrder());
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public List<String> variants() {
        return List.of("parking", "easing");
    }

    @Override
    public Idle idle(String variant) {
        return variant.equals("parking") ? Idle.parking() : Idle.easing();
    }

    @Override
    public Sender sender(int index) {
        return head -> {
            try (FileLock lock = channel.lock()) {
                long tail = memory.getLong(TAIL);
                if (tail - memory.getLong(HEAD) == cells) {
                    return false;
                }
                Packet.write(memory, offset(tail), bytes, head);
                memory.putLong(TAIL, tail + 1);
                return true;
            }
        };
    }

    @Override
    public Receiver receiver(int index) {
        return (sink, limit) -> {
            try (FileLock lock = channel.lock()) {
                long head = memory.getLong(HEAD);
                int count = (int) Math.min(limit, memory.getLong(TAIL) - head);
                for (int i = 0; i < count; i++) {
                    Packet.deliver(memory, offset(head + i), bytes, sink);
                }
                memory.putLong(HEAD, head + count);
                return count;
            }
        };
    }

    private int offset(long position) {
        return CELLS + (int) (position % cells) * bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

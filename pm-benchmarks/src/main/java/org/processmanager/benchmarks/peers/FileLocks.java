package org.processmanager.benchmarks.peers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.lock.Lock;
import org.processmanager.benchmarks.multiprocess.lock.Locks;

/** {@code FileChannel.lock}, the only lock of the JDK between processes. Each lock is one byte of one file. */
public final class FileLocks implements Locks {
    private final FileChannel channel;

    public FileLocks(Params settings) throws IOException {
        channel = FileChannel.open(
                settings.scratch().resolve("lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    @Override
    public boolean crossesProcesses() {
        return true;
    }

    @Override
    public boolean releasableByOthers() {
        return false;
    }

    @Override
    public Lock open(int number, int permits) {
        return new OneByte(channel, number, false);
    }

    @Override
    public Lock openForReading(int number) {
        return new OneByte(channel, number, true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static final class OneByte implements Lock {
        private final FileChannel channel;
        private final int position;
        private final boolean shared;
        private FileLock held;

        OneByte(FileChannel channel, int position, boolean shared) {
            this.channel = channel;
            this.position = position;
            this.shared = shared;
        }

        @Override
        public void acquire() throws IOException {
            held = channel.lock(position, 1, shared);
        }

        @Override
        public void release() throws IOException {
            held.release();
        }
    }
}

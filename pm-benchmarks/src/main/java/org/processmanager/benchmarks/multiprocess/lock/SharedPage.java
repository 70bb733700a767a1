package org.processmanager.benchmarks.multiprocess.lock;

import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.processmanager.benchmarks.multiprocess.Params;

/** Longs that all workers share. Plain accesses: the measured locks must order them. */
final class SharedPage {
    private static final int BYTES = 4096;
    private static final int LONGS_PER_LINE = 16; // of 128 bytes

    private final LongBuffer longs;

    private SharedPage(LongBuffer longs) {
        this.longs = longs;
    }

    static SharedPage open(Params settings) throws IOException {
        Path file = settings.scratch().resolve("page");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new SharedPage(
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES).asLongBuffer());
        }
    }

    long get(int line) {
        return longs.get(line * LONGS_PER_LINE);
    }

    void set(int line, long value) {
        longs.put(line * LONGS_PER_LINE, value);
    }
}

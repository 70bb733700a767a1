package org.processmanager.core.internal.launch.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves what a stream of the user's brings into a child's standard input, on a thread that may block in either. The pipe's
 * end ends it, but for a read that is under way: that thread is left behind until its read returns, since there is no way
 * to end a read of any stream, and closing or interrupting could break what is the user's.
 */
public final class StreamFeed {
    private static final int CHUNK = 16 * 1024;

    private final InputStream from;
    private final boolean owned;
    private final OutputStream to;
    private final BooleanSupplier isOpen;
    private volatile @Nullable Throwable failure;

    /**
     * @param owned whether the stream that is read is closed at the end
     * @param to closed at the end
     * @param isOpen whether a process may still read what is written
     */
    public StreamFeed(InputStream from, boolean owned, OutputStream to, BooleanSupplier isOpen) {
        this.from = from;
        this.owned = owned;
        this.to = to;
        this.isOpen = isOpen;
    }

    /** What the user's stream threw, if it did. */
    @Nullable
    public Throwable failure() {
        return failure;
    }

    /** Body of the thread. */
    public void run() {
        try (OutputStream out = to) {
            byte[] chunk = new byte[CHUNK];
            int n = read(chunk);
            while (n >= 0) {
                out.write(chunk, 0, n);
                n = read(chunk);
            }
        } catch (IOException e) {
            // the program did not want it all
        } catch (Throwable e) {
            failure = e; // no memory, say
        } finally {
            if (owned) {
                closeSource();
            }
        }
    }

    private void closeSource() {
        try {
            from.close();
        } catch (IOException e) {
            // everything was read
        }
    }

    private int read(byte[] chunk) {
        if (!isOpen.getAsBoolean()) {
            return -1;
        }
        try {
            return from.read(chunk);
        } catch (Throwable e) {
            failure = e;
            return -1;
        }
    }
}

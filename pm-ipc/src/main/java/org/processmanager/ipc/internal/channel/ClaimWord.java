package org.processmanager.ipc.internal.channel;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.processmanager.ipc.ChannelSnapshot.OpenClaim;
import org.processmanager.sync.internal.region.layout.Words;

/**
 * The word of a sender that tells since when it has a claim open; 0 if it has none. For diagnostics: no other end depends on it.
 * That of a dead sender has no meaning, and is cleared by the next one.
 *
 * <pre>
 *   63                                       22 21                    0
 *  +-------------------------------------------+-----------------------+
 *  | since, ms since 1970                   42 | thread             22 |   0: another thread
 *  +-------------------------------------------+-----------------------+
 * </pre>
 */
public final class ClaimWord {
    private static final int THREAD_BITS = 22;
    private static final long THREAD_MASK = (1L << THREAD_BITS) - 1;

    private ClaimWord() {}

    static void open(ByteBuffer memory, int at) {
        long thread = Thread.currentThread().getId();
        long known = thread <= THREAD_MASK ? thread : 0;
        Words.putLongOpaque(memory, at, System.currentTimeMillis() << THREAD_BITS | known);
    }

    static void clear(ByteBuffer memory, int at) {
        Words.putLongOpaque(memory, at, 0);
    }

    /** Returns the claim that a word stands for. */
    public static Optional<OpenClaim> claim(long word, long position) {
        return word == 0
                ? Optional.empty()
                : Optional.of(new OpenClaim(Instant.ofEpochMilli(word >>> THREAD_BITS), position, word & THREAD_MASK));
    }
}

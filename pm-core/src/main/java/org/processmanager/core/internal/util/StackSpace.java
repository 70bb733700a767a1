package org.processmanager.core.internal.util;

/**
 * A check for operations that must not be left half done, such as a launch or a wait in a queue: a stack that overflows in the
 * middle of one would also overflow in the code that cleans up.
 */
public final class StackSpace {
    /** About 64 KiB in compiled code and 96 KiB in the interpreter; a first launch needs less than 60 KiB. */
    private static final int FRAMES = 220;
    /** About 12 KiB in compiled code and 17 KiB in the interpreter. */
    private static final int FRAMES_OF_WAIT = 40;

    private StackSpace() {}

    /**
     * Returns if the calling thread has enough stack for a launch or a stop.
     *
     * @throws StackOverflowError if it has not; then nothing has been done yet
     */
    public static void require() {
        touch(FRAMES, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    }

    /**
     * Returns if the calling thread has enough stack for a wait on shared memory, which even the smallest thread has.
     *
     * @throws StackOverflowError if it has not; then nothing has been done yet
     */
    public static void requireForWait() {
        touch(FRAMES_OF_WAIT, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    }

    /** Recurses with values that the compiler must keep in each frame, since they are used after the call. */
    private static long touch(
            int frames,
            long a,
            long b,
            long c,
            long d,
            long e,
            long f,
            long g,
            long h,
            long i,
            long j,
            long k,
            long l,
            long m,
            long n,
            long o,
            long p,
            long q,
            long r,
            long s,
            long t) {
        long below = frames == 0 ? 0 : touch(frames - 1, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, a);
        return below ^ a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k ^ l ^ m ^ n ^ o ^ p ^ q ^ r ^ s ^ t;
    }
}

package org.processmanager.benchmarks.fork.process;

import java.nio.charset.StandardCharsets;

/** The work of NuProcess's own benchmark, its examples "NuSchool" and "OldSchool": six megabytes through each {@code cat}. */
public final class EchoWork {
    public static final String COMMAND = "/bin/cat";
    public static final int CHUNKS = 100;
    public static final byte[] CHUNK = "1234567890".repeat(6000).getBytes(StandardCharsets.US_ASCII);
    public static final int TOTAL = CHUNKS * CHUNK.length;
    public static final long ADLER32 = 4237270634L;

    private EchoWork() {}
}

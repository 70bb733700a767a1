package org.processmanager.benchmarks.multiprocess.process;

import java.nio.charset.StandardCharsets;
import java.util.zip.Adler32;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.VerificationException;

/**
 * The work of NuProcess's own benchmark, its examples "NuSchool" and "OldSchool": six megabytes through each {@code
 * cat}.
 *
 * @param writes number of writes to each {@code cat}, of a {@link #CHUNK} each
 */
public record EchoWork(int writes) {
    /** Parameter: writes to each {@code cat}, if it differs from the published number. */
    public static final String WRITES = "writes";

    public static final String COMMAND = "/bin/cat";
    public static final byte[] CHUNK = "1234567890".repeat(6000).getBytes(StandardCharsets.US_ASCII);

    private static final int PUBLISHED_WRITES = 100;
    private static final long PUBLISHED_ADLER32 = 4237270634L;

    public static EchoWork of(Params settings) {
        return new EchoWork(settings.number(WRITES, PUBLISHED_WRITES));
    }

    public int bytes() {
        return writes * CHUNK.length;
    }

    /** Returns the checksum of the echo of each {@code cat}. */
    long adler32() {
        Adler32 adler = new Adler32();
        for (int i = 0; i < writes; i++) {
            adler.update(CHUNK);
        }
        if (writes == PUBLISHED_WRITES) {
            VerificationException.expect("Adler32 of the input", PUBLISHED_ADLER32, adler.getValue());
        }
        return adler.getValue();
    }
}

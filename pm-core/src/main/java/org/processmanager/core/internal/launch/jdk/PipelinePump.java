package org.processmanager.core.internal.launch.jdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Moves the output of one stage of a pipeline to the next one, on a dedicated thread. The JDK's own pipelines connect
 * processes directly, but if a stage cannot be started they leave a descriptor open.
 */
final class PipelinePump {
    private static final int CHUNK = 64 * 1024;

    private PipelinePump() {}

    /** The body of the thread. Finally closes both sides. */
    static void run(ProcessOutput from, OutputStream to) {
        try (OutputStream out = to) {
            from.read(in -> move(in, out));
        } catch (IOException | InterruptedException e) {
            // the next stage does not read all of it
        }
    }

    private static void move(InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        int n = in.read(chunk);
        while (n >= 0) {
            out.write(chunk, 0, n);
            out.flush();
            n = in.read(chunk);
        }
    }
}

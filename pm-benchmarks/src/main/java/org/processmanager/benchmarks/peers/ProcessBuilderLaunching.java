package org.processmanager.benchmarks.peers;

import java.io.File;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Launching;

/** ProcessBuilder as a careful program uses it: no pipe that is not needed, a thread for each pipe. */
public final class ProcessBuilderLaunching implements Launching {
    private static final Redirect NO_INPUT = Redirect.from(new File("/dev/null"));

    private final ExecutorService pumps = Executors.newCachedThreadPool(work -> {
        Thread pump = new Thread(work, "pump");
        pump.setDaemon(true);
        return pump;
    });

    public ProcessBuilderLaunching(Params settings) {}

    @Override
    public int run(String... command) throws Exception {
        return silent(command).start().waitFor();
    }

    @Override
    public byte[] capture(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectInput(NO_INPUT).start();
        Future<byte[]> errors = pumps.submit(() -> readAll(process.getErrorStream()));
        byte[] output = readAll(process.getInputStream());
        errors.get();
        process.waitFor();
        return output;
    }

    private static byte[] readAll(InputStream stream) throws Exception {
        try (stream) {
            return stream.readAllBytes();
        }
    }

    @Override
    public void start(String... command) throws Exception {
        silent(command).start();
    }

    private static ProcessBuilder silent(String... command) {
        return new ProcessBuilder(command)
                .redirectInput(NO_INPUT)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
    }

    @Override
    public void close() {
        pumps.shutdown();
    }
}

package org.processmanager.benchmarks.peers.nuprocess;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.VerificationException;
import org.processmanager.benchmarks.multiprocess.process.Launching;

/** NuProcess in both forms: launched and pumped by its own threads, or run and pumped by the caller's thread. */
public final class NuLaunching implements Launching {
    private static final String STARTED = "start";
    private static final String RUN = "run";
    private static final long FOR_EVER = 0;

    private volatile boolean byCaller;

    public NuLaunching(Params settings) {}

    @Override
    public List<String> variants() {
        return List.of(STARTED, RUN);
    }

    @Override
    public void use(String variant) {
        byCaller = variant.equals(RUN);
    }

    @Override
    public int run(String... command) throws Exception {
        return finish(new Collecting(), command).exitCode;
    }

    @Override
    public byte[] capture(String... command) throws Exception {
        return finish(new Collecting(), command).output.toByteArray();
    }

    private Collecting finish(Collecting handler, String... command) throws Exception {
        NuProcessBuilder builder = new NuProcessBuilder(handler, command);
        if (byCaller) {
            builder.run();
        } else {
            builder.start().waitFor(FOR_EVER, TimeUnit.SECONDS);
        }
        return handler;
    }

    @Override
    public void start(String... command) {
        NuProcess process = new NuProcessBuilder(new Collecting(), command).start();
        if (process == null) {
            throw new VerificationException(command[0] + " was not started");
        }
        process.closeStdin(true);
    }

    private static final class Collecting extends NuAbstractProcessHandler {
        private final ByteArrayOutputStream output = new ByteArrayOutputStream(64);
        private volatile int exitCode = Integer.MIN_VALUE;

        @Override
        public void onStdout(ByteBuffer buffer, boolean closed) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            output.writeBytes(bytes);
        }

        @Override
        public void onExit(int code) {
            exitCode = code;
        }
    }
}

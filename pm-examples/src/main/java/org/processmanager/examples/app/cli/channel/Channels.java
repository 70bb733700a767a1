package org.processmanager.examples.app.cli.channel;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.ipc.ChannelBusyException;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.ChannelNotFoundException;
import org.processmanager.ipc.Endpoint;
import org.processmanager.sync.RegionException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Common to {@code send} and {@code recv}: endpoints as arguments, and exit codes for channels that cannot be opened. */
final class Channels {
    /** Describes the parameter of a command. */
    static final String ENDPOINT =
            "SCHEME:NAME, or SCHEME:PATH if it has a slash, with options as ?capacity=4m; for example"
                    + " fifo:jobs, mapped:jobs, unix:jobs.";

    private static final long PAUSE_MILLIS = 10;

    private Channels() {}

    /**
     * Opens an end of a channel; retries while a live process is the only one that may have it open.
     *
     * @param patience how long to retry; zero tries once
     * @throws CommandFailure with the corresponding exit code
     */
    static <T> T open(Supplier<T> opening, Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                return opening.get();
            } catch (ChannelBusyException e) {
                if (System.nanoTime() - start >= patience.toNanos()) {
                    throw failure(ExitCode.NOTHING_THERE, e);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (ChannelNotFoundException e) {
                throw failure(ExitCode.NOTHING_THERE, e);
            } catch (ChannelException | RegionException | IllegalArgumentException | UnsupportedOperationException e) {
                throw failure(ExitCode.BAD_INPUT, e);
            }
        }
    }

    private static CommandFailure failure(int exitCode, RuntimeException e) {
        return new CommandFailure(exitCode, Objects.requireNonNullElse(e.getMessage(), e.toString()), e);
    }

    /** Converts an endpoint; its scheme is checked when it is opened. */
    static final class EndpointConverter implements ITypeConverter<Endpoint> {
        @Override
        public Endpoint convert(String text) {
            try {
                return Endpoint.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}

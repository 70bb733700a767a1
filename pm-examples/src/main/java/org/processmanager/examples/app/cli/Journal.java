package org.processmanager.examples.app.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.eventlog.EventLog;
import org.processmanager.examples.app.eventlog.LogRecord;
import org.processmanager.ipc.Endpoint;

/**
 * Receives the events of the commands and appends them to the event log. A log that cannot be written costs one line on
 * standard error, and no command fails by it; when it can be written again, a record tells how many are missing.
 */
public final class Journal implements EventListener {
    /** Environment variable: the log's file, unless {@code --log} names another. */
    public static final String VARIABLE = "PM_LOG";

    private static final Duration HANDLED_BOUND = Duration.ofSeconds(10);
    private static final long REPORTER = ProcessHandle.current().pid();

    private final Terminal terminal;
    private final Supplier<@Nullable Path> given;
    private final AtomicBoolean complained = new AtomicBoolean();
    private final Object writing = new Object();
    private long lost; // records since the last one that was written; guarded by writing
    private int handled;

    /**
     * Creates a journal; the file is requested when it is first needed.
     *
     * @param given supplies the file of the command line, or null
     */
    Journal(Terminal terminal, Supplier<@Nullable Path> given) {
        this.terminal = terminal;
        this.given = given;
    }

    /**
     * Returns the log: by the command line, else by the environment, else in the default place.
     */
    public EventLog log() {
        Path file = given.get();
        String variable = System.getenv(VARIABLE);
        if (file == null && variable != null && !variable.isEmpty()) {
            file = Path.of(variable);
        }
        return EventLog.at(file == null ? EventLog.defaultFile() : file);
    }

    /**
     * Waits until a number of events has been handled. The library does not wait long for its listeners, and on a busy machine
     * the first event takes as long as loading the classes of the log.
     */
    synchronized void await(int events) throws InterruptedException {
        long start = System.nanoTime();
        long left = HANDLED_BOUND.toNanos();
        while (handled < events && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = HANDLED_BOUND.toNanos() - (System.nanoTime() - start);
        }
    }

    @Override
    public void onEvent(ProcessEvent event) {
        append(new LogRecord.Event(event));
        synchronized (this) {
            handled++;
            notifyAll();
        }
    }

    /** Appends a record that the app adds to the events of the libraries. */
    public void append(LogRecord entry) {
        synchronized (writing) {
            try {
                EventLog log = log();
                if (lost > 0) {
                    log.append(new LogRecord.EventsLost(Instant.now(), REPORTER, lost));
                    lost = 0;
                }
                log.append(entry);
            } catch (ProcessManagerException e) {
                lost++;
                if (complained.compareAndSet(false, true)) {
                    terminal.complain(e.getMessage() + " (events are not logged; --log FILE names another)");
                }
            }
        }
    }

    public void sent(Endpoint to, int bytes) {
        onEvent(new ProcessEvent.MessageSent(Instant.now(), REPORTER, to.toString(), bytes));
    }

    public void received(Endpoint from, int bytes) {
        onEvent(new ProcessEvent.MessageReceived(Instant.now(), REPORTER, from.toString(), bytes));
    }
}

package org.processmanager.examples.app.cli.up;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.Input;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.event.ChildState;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.event.ProcessEvent.ChildChanged;
import org.processmanager.core.event.ProcessEvent.ProcessStarted;
import org.processmanager.core.supervise.ChildSnapshot;
import org.processmanager.core.supervise.ChildSpec;
import org.processmanager.core.supervise.Supervisor;
import org.processmanager.core.supervise.SupervisorSnapshot;
import org.processmanager.core.supervise.SupervisorSpec;
import org.processmanager.examples.app.cli.CallerLocale;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.terminal.Table;
import org.processmanager.examples.app.cli.terminal.Terminal;

/**
 * One run of processes under a supervisor, with the merged log of their output and events. It ends when all have ended, when
 * it is stopped, when one has failed for good, and when the log has lost its reader.
 */
final class UpRun implements EventListener, AutoCloseable {
    private static final Duration READER_PERIOD = Duration.ofMillis(250);

    private final Terminal terminal;
    private final List<Service> services;
    private final MergedLog log;
    private final Supervisor supervisor;
    private final AtomicBoolean stopping = new AtomicBoolean();
    /** Whether one has failed for good. */
    private volatile boolean hasFailure;
    /** Of the listener alone. */
    private final Map<String, Integer> restarts = new HashMap<>();
    /** Of the listener alone: when each was started. */
    private final Map<String, Long> startNanos = new HashMap<>();

    /** Starts the processes, in their order. */
    UpRun(Terminal terminal, ProcessManager manager, List<Service> services) {
        this.terminal = terminal;
        this.services = services;
        log = new MergedLog(terminal, services.stream().map(Service::name).toList(), terminal.showsColors());
        SupervisorSpec spec = manager.supervisor();
        for (Service service : services) {
            spec = spec.child(service.name(), command(service), child -> supervised(child, service));
        }
        manager.addListener(this);
        supervisor = spec.start();
    }

    private Command command(Service service) {
        Command command = CallerLocale.giveTo(Command.of(service.commandLine()))
                .directory(service.directory())
                .env(service.environment())
                .stdin(Input.empty())
                .mergeStderr()
                .stdout(Output.lines(line -> log.output(service.name(), line)))
                .stopPolicy(service.stopPolicy());
        return service.ready() == null ? command : command.ready(service.ready(), service.readyTimeout());
    }

    private static ChildSpec supervised(ChildSpec child, Service service) {
        return child.restart(service.restart())
                .dependsOn(service.dependencyNames().toArray(String[]::new));
    }

    /** Blocks until all processes have ended, and reports how. Returns the names of those that failed for good. */
    List<String> await() throws InterruptedException {
        while (!supervisor.awaitEnd(READER_PERIOD)) {
            if (hasFailure || terminal.out().checkError()) { // which is a pager that was left, for example
                supervisor.stop();
            }
        }
        SupervisorSnapshot end = supervisor.snapshot();
        report(end);
        return services.stream()
                .filter(service -> hasFailed(end, service.name()))
                .filter(service -> service.dependencyNames().stream().noneMatch(name -> hasFailed(end, name)))
                .map(Service::name)
                .toList();
    }

    private static boolean hasFailed(SupervisorSnapshot end, String name) {
        return end.child(name).state() == ChildState.FAILED;
    }

    /** Returns which process has reached its limit of restarts, and how, if one has. */
    Optional<String> gaveUp() {
        return supervisor.snapshot().gaveUp();
    }

    private static boolean isAtLimit(SupervisorSnapshot end, String name) {
        return end.gaveUp()
                .filter(why -> why.startsWith(name + " failed again "))
                .isPresent();
    }

    private void report(SupervisorSnapshot end) {
        Table table = new Table("NAME", "STATE", ">RESTARTS", "LAST");
        for (ChildSnapshot child : end.children()) {
            table.row(
                    child.name(),
                    child.state().name().toLowerCase(Locale.ROOT),
                    Integer.toString(child.restarts()),
                    text(child.reason().orElse("not started"))
                            + (isAtLimit(end, child.name()) ? "; restart limit reached" : ""));
        }
        table.print(terminal.out(), terminal.columns());
        terminal.flush();
    }

    /** Stops the processes, those that were started last first; called once more, kills them. Thread-safe. */
    void stop() {
        if (stopping.compareAndSet(false, true)) {
            supervisor.stop();
        } else {
            for (Service service : services) {
                supervisor.process(service.name()).ifPresent(ManagedProcess::kill);
            }
        }
    }

    /** Stops the processes that still run. */
    @Override
    public void close() {
        supervisor.stop();
    }

    @Override
    public void onEvent(ProcessEvent event) {
        if (event instanceof ProcessStarted started) {
            startNanos.put(started.name(), System.nanoTime());
            int again = restarts.getOrDefault(started.name(), 0);
            log.event(
                    started.name(),
                    (again == 0 ? "started" : "started again, restart " + again) + ", process " + started.pid());
        } else if (event instanceof ChildChanged changed) {
            restarts.put(changed.child(), changed.restarts());
            String text = text(changed);
            if (text != null) {
                log.event(changed.child(), text);
            }
            hasFailure |= changed.state() == ChildState.FAILED;
        }
    }

    private @Nullable String text(ChildChanged changed) {
        String reason = changed.reason().map(UpRun::text).orElse("");
        return switch (changed.state()) {
            case WAITING, STARTING -> null;
            case RUNNING -> isAwaited(changed.child()) ? "ready after " + sinceStart(changed.child()) : null;
            case BACKING_OFF -> "ended: " + reason + "; it is started again";
            case STOPPING -> "stopping" + (reason.isEmpty() ? "" : ": " + reason);
            case STOPPED -> "stopped" + (reason.isEmpty() ? "" : ": " + reason);
            case COMPLETED -> "completed: " + reason;
            case FAILED -> "failed: " + reason;
        };
    }

    private boolean isAwaited(String name) {
        return services.stream().anyMatch(service -> service.name().equals(name) && service.ready() != null);
    }

    private String sinceStart(String name) {
        long nanos = System.nanoTime() - startNanos.getOrDefault(name, System.nanoTime());
        return Durations.shortText(Duration.ofNanos(nanos));
    }

    /** Returns the reason as a user reads it. */
    private static String text(String reason) {
        return reason.replaceFirst("^TERMINATED, ", "");
    }
}

package org.processmanager.examples.app.cli.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.registry.DetachedProcess;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.core.registry.DetachedState.Phase;
import org.processmanager.core.registry.ProcessRegistry;
import org.processmanager.examples.app.cli.CommandFailure;
import org.processmanager.examples.app.cli.ExitCode;
import org.processmanager.examples.app.cli.SimilarNames;
import org.processmanager.examples.app.cli.option.Durations;
import org.processmanager.examples.app.cli.option.OutputOptions;
import org.processmanager.examples.app.cli.process.NamedProcesses;
import org.processmanager.examples.app.cli.terminal.Terminal;

/** The processes that {@code pm start} started, by their names. */
public final class StartedProcesses implements NamedProcesses {
    private final Supplier<@Nullable Path> directory;

    /**
     * Creates the access to a registry.
     *
     * @param directory supplies its directory, or null for the user's own
     */
    public StartedProcesses(Supplier<@Nullable Path> directory) {
        this.directory = directory;
    }

    ProcessRegistry registry(ProcessManager manager) {
        Path given = directory.get();
        return ProcessRegistry.of(manager, given == null ? ProcessRegistry.defaultDirectory() : given);
    }

    /**
     * Returns the process of a name.
     *
     * @throws CommandFailure if there is none
     */
    DetachedProcess find(ProcessManager manager, String name) {
        ProcessRegistry registry = registry(manager);
        return registry.process(name).orElseThrow(() -> {
            List<String> names =
                    registry.processes().stream().map(DetachedProcess::name).toList();
            return new CommandFailure(
                    ExitCode.NOTHING_THERE,
                    "no started process is named " + name
                            + SimilarNames.hint(SimilarNames.among(names, name), " (pm ps --mine lists them)"));
        });
    }

    /** Returns the states of all processes that were not removed meanwhile, sorted by name. */
    static Map<DetachedProcess, DetachedState> states(ProcessRegistry registry) {
        Map<DetachedProcess, DetachedState> states = new LinkedHashMap<>();
        for (DetachedProcess process : registry.processes()) {
            try {
                states.put(process, process.state());
            } catch (NoSuchProcessException e) {
                // removed
            }
        }
        return states;
    }

    @Override
    public Map<String, ProcessIdentity> byName() {
        Map<String, ProcessIdentity> named = new HashMap<>();
        states(registry(ProcessManager.shared())).forEach((process, state) -> state.process()
                .ifPresent(identity -> named.put(process.name(), identity)));
        return named;
    }

    @Override
    public Map<ProcessIdentity, String> exitStatuses() {
        Map<ProcessIdentity, String> statuses = new HashMap<>();
        for (DetachedState state : states(registry(ProcessManager.shared())).values()) {
            state.process().ifPresent(identity -> state.exitStatus()
                    .ifPresent(status -> statuses.put(identity, status.toString())));
        }
        return statuses;
    }

    @Override
    public Map<String, String> states() {
        Map<String, String> texts = new LinkedHashMap<>();
        states(registry(ProcessManager.shared())).forEach((process, state) -> texts.put(process.name(), text(state)));
        return texts;
    }

    @Override
    public boolean cancelRestart(String name) {
        Optional<DetachedProcess> process = registry(ProcessManager.shared()).process(name);
        if (process.isEmpty() || process.get().state().phase() != Phase.RESTARTING) {
            return false;
        }
        process.get().stop();
        return true;
    }

    @Override
    public Optional<StopReport> stop(ProcessIdentity identity, StopPolicy policy) {
        return running(identity).map(process -> process.stop(policy));
    }

    @Override
    public Optional<StopReport> stop(ProcessIdentity identity) {
        return running(identity).map(DetachedProcess::stop);
    }

    private Optional<DetachedProcess> running(ProcessIdentity identity) {
        for (Map.Entry<DetachedProcess, DetachedState> entry :
                states(registry(ProcessManager.shared())).entrySet()) {
            DetachedState state = entry.getValue();
            if (state.isActive() && state.process().equals(Optional.of(identity))) {
                return Optional.of(entry.getKey());
            }
        }
        return Optional.empty();
    }

    @Override
    public List<String> describe(String name) {
        Optional<DetachedProcess> found = registry(ProcessManager.shared()).process(name);
        if (found.isEmpty()) {
            return List.of();
        }
        DetachedState state = found.get().state();
        List<String> lines = new ArrayList<>();
        lines.add("name        " + name);
        lines.add("state       " + text(state) + (state.message().isEmpty() ? "" : ": " + state.message()));
        lines.add("started     " + state.started());
        state.ended().ifPresent(ended -> lines.add("ended       " + ended));
        lines.add("restarts    " + state.restarts());
        lines.add("command     " + String.join(" ", found.get().commandLine()));
        lines.add("directory   " + found.get().directory());
        return lines;
    }

    @Override
    public void print(Terminal terminal, OutputOptions output) {
        StartedTable.print(this, terminal, output);
    }

    /** Returns the phase as a word, with the status of an exit. */
    static String text(DetachedState state) {
        String word = state.phase().name().toLowerCase(Locale.ROOT);
        if (state.phase() != Phase.EXITED || state.exitStatus().isEmpty()) {
            return word;
        }
        ExitStatus status = state.exitStatus().get();
        return status instanceof ExitStatus.Exited exited ? word + " " + exited.code() : word + ", " + status;
    }

    /** Returns the time since the start, or the exit, of a process. */
    static String since(DetachedState state) {
        Instant time = state.ended().orElse(state.started());
        Duration since = Duration.between(time, Instant.now());
        return Durations.shortText(since.isNegative() ? Duration.ZERO : since);
    }

    /** Returns the exit code that a shell reports for a status. */
    static int shellCode(ExitStatus status) {
        if (status instanceof ExitStatus.Exited exited) {
            return exited.code();
        }
        return status instanceof ExitStatus.Signaled signaled
                ? ExitCode.ofSignal(signaled.signal().number())
                : ExitCode.RUN_FAILED;
    }
}

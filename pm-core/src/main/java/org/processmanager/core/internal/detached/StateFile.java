package org.processmanager.core.internal.detached;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.LaunchException;
import org.processmanager.core.NotReadyException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.core.Signal;
import org.processmanager.core.registry.DetachedState;
import org.processmanager.core.registry.DetachedState.Phase;

/** The state of an entry as a file, and what it means now: its processes may have been killed since it was written. */
public final class StateFile {
    /** Prefix of the failure of a process that was started and did not become ready. */
    static final String NOT_READY = "NOT_READY_";

    private static final ProcessIdentity NONE = new ProcessIdentity(0, 0, "");

    private StateFile() {}

    /** Replaces the file. */
    public static void write(EntryFiles files, DetachedState state) throws IOException {
        write(files, state, "");
    }

    /**
     * Replaces the file with the state of a process that could not be started.
     *
     * @param failure why, or empty
     */
    static void write(EntryFiles files, DetachedState state, String failure) throws IOException {
        Map<String, String> content = new TreeMap<>();
        content.put("phase", state.phase().name());
        putIdentity(content, "shim", state.shim());
        state.process().ifPresent(process -> putIdentity(content, "process", process));
        content.put("started", state.started().toString());
        state.ended().ifPresent(ended -> content.put("ended", ended.toString()));
        content.put("restarts", Integer.toString(state.restarts()));
        state.exitStatus().ifPresent(status -> putStatus(content, status));
        content.put("message", state.message());
        content.put("failure", failure);
        PropertiesFile.write(files.state(), content);
    }

    /** Returns the exception of a process that could not be started. */
    public static ProcessManagerException failure(EntryFiles files, DetachedState state) {
        try {
            String failure = PropertiesFile.read(files.state()).getProperty("failure", "");
            if (failure.startsWith(NOT_READY)) {
                return new NotReadyException(
                        state.message(),
                        NotReadyException.Reason.valueOf(failure.substring(NOT_READY.length())),
                        Duration.between(state.started(), state.ended().orElse(state.started())),
                        Optional.empty(),
                        null);
            }
            return new LaunchException(LaunchException.Reason.valueOf(failure), state.message());
        } catch (IOException | IllegalArgumentException e) {
            return new LaunchException(LaunchException.Reason.OTHER, state.message(), e);
        }
    }

    /**
     * Returns the state now. A file that says that the process runs is believed only if its shim is alive, which pid, start
     * time and boot id tell.
     *
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static DetachedState read(EntryFiles files) throws IOException {
        DetachedState state = parse(PropertiesFile.read(files.state()));
        if (!state.isActive() || state.shim().isAlive()) {
            return state;
        }
        DetachedState last =
                parse(PropertiesFile.read(files.state())); // its last record may be newer than what was read
        if (!last.isActive() || last.shim().isAlive()) {
            return last;
        }
        boolean runs = last.process().isPresent() && last.process().get().isAlive();
        boolean sameBoot = ProcessIdentity.of(ProcessHandle.current().pid())
                .map(self -> self.bootId().equals(last.shim().bootId()))
                .orElse(true);
        String message = !sameBoot
                ? "the machine was restarted while it ran"
                : "its shim, process " + last.shim().pid() + ", was killed";
        return new DetachedState(
                runs ? Phase.ORPHANED : Phase.LOST,
                last.process(),
                last.shim(),
                last.started(),
                Optional.empty(),
                last.restarts(),
                last.exitStatus(),
                message);
    }

    private static DetachedState parse(Properties file) {
        try {
            return new DetachedState(
                    Phase.valueOf(required(file, "phase")),
                    identity(file, "process"),
                    identity(file, "shim").orElse(NONE),
                    Instant.parse(required(file, "started")),
                    Optional.ofNullable(file.getProperty("ended")).map(Instant::parse),
                    Integer.parseInt(required(file, "restarts")),
                    status(file),
                    file.getProperty("message", ""));
        } catch (IllegalArgumentException | DateTimeException e) {
            // empty after a loss of power, or written by another version
            return new DetachedState(
                    Phase.LOST,
                    Optional.empty(),
                    NONE,
                    Instant.EPOCH,
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    "its file state is damaged: " + e.getMessage());
        }
    }

    private static String required(Properties file, String key) {
        String value = file.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("without " + key);
        }
        return value;
    }

    private static void putIdentity(Map<String, String> content, String key, ProcessIdentity identity) {
        content.put(key + ".pid", Long.toString(identity.pid()));
        content.put(key + ".startTicks", Long.toString(identity.startTicks()));
        content.put(key + ".bootId", identity.bootId());
    }

    private static Optional<ProcessIdentity> identity(Properties file, String key) {
        return file.getProperty(key + ".pid") == null
                ? Optional.empty()
                : Optional.of(new ProcessIdentity(
                        Long.parseLong(required(file, key + ".pid")),
                        Long.parseLong(required(file, key + ".startTicks")),
                        required(file, key + ".bootId")));
    }

    private static void putStatus(Map<String, String> content, ExitStatus status) {
        if (status instanceof ExitStatus.Exited exited) {
            content.put("exit.code", Integer.toString(exited.code()));
        } else if (status instanceof ExitStatus.Signaled signaled) {
            content.put("exit.signal", Integer.toString(signaled.signal().number()));
            content.put("exit.core", Boolean.toString(signaled.coreDumped()));
        } else if (status instanceof ExitStatus.Unknown unknown) {
            content.put("exit.unknown", unknown.reason());
        }
    }

    private static Optional<ExitStatus> status(Properties file) {
        @Nullable String code = file.getProperty("exit.code");
        if (code != null) {
            return Optional.of(new ExitStatus.Exited(Integer.parseInt(code)));
        }
        @Nullable String signal = file.getProperty("exit.signal");
        if (signal != null) {
            boolean core = Boolean.parseBoolean(file.getProperty("exit.core"));
            return Optional.of(new ExitStatus.Signaled(new Signal(Integer.parseInt(signal)), core));
        }
        return Optional.ofNullable(file.getProperty("exit.unknown")).map(ExitStatus.Unknown::new);
    }
}

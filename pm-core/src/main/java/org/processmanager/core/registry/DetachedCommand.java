package org.processmanager.core.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.core.Command;
import org.processmanager.core.LaunchException;
import org.processmanager.core.NoSuchProcessException;
import org.processmanager.core.NotReadyException;
import org.processmanager.core.internal.detached.CommandFile;
import org.processmanager.core.internal.detached.DetachedOptions;
import org.processmanager.core.internal.detached.Entries;
import org.processmanager.core.internal.manager.CommandAccess;
import org.processmanager.core.registry.DetachedState.Phase;
import org.processmanager.core.supervise.Restart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command whose process runs in a session of its own and outlives this JVM. An immutable value: each method returns a
 * changed copy.
 *
 * <p>The process is the child of a <em>shim</em>, a small JVM with the class path of this one, whose own parent is the first
 * process of the system. The shim starts the program, writes its output to a log with the time of each line, starts it again if
 * asked, and records its exit. The standard input of the program is empty. Neither process holds a terminal, a stream or the
 * working directory of this JVM. A shim needs 0.5 to 1 s of processor time to start the program, and then 30 MiB of memory of
 * its own (50 MiB with what JVMs share); {@code setsid} of util-linux starts it.
 */
@CheckReturnValue
public final class DetachedCommand {
    /** The default size of a log file: 10 MiB. Three older ones are kept. */
    public static final long LOG_BYTES = 10L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DetachedCommand.class);
    private static final Duration START_STEP = Duration.ofMillis(20);
    private static final int MAX_NUMBER = 1000;
    private static final int LONGEST_DEFAULT = 56;

    private final ProcessRegistry registry;
    private final Command command;
    private final @Nullable String name;
    private final DetachedOptions options;

    DetachedCommand(ProcessRegistry registry, Command command) {
        this(
                registry,
                command,
                null,
                new DetachedOptions(CommandAccess.get().readinessOf(command), Restart.never(), LOG_BYTES));
        var unused = CommandFile.of(CommandAccess.get().specOf(command), options); // refuses what cannot be kept
    }

    private DetachedCommand(ProcessRegistry registry, Command command, @Nullable String name, DetachedOptions options) {
        this.registry = registry;
        this.command = command;
        this.name = name;
        this.options = options;
    }

    /**
     * Returns a copy with a name in the registry. The default is that of the command; if it is in use, with a number.
     *
     * @param name a letter or digit, then up to 63 letters, digits and {@code . _ + @ -}
     * @return the copy
     * @throws IllegalArgumentException if it is not such a name
     */
    public DetachedCommand name(String name) {
        if (!ProcessRegistry.isName(Objects.requireNonNull(name, "name"))) {
            throw new IllegalArgumentException("name: \"" + name
                    + "\" (expected: a letter or digit, then up to 63 letters, digits and . _ + @ -)");
        }
        return new DetachedCommand(registry, command, name, options);
    }

    /**
     * Returns a copy whose process is started again after its end. An exit with a code that the command
     * {@linkplain Command#acceptExitCodes accepts} is a success; a process that does not become ready again is stopped and has
     * failed. The first start is not repeated. When the limit of restarts is reached, it counts as exited.
     *
     * @param rule when, how long after its end, how often at most; the default is {@link Restart#never()}
     * @return the copy
     */
    public DetachedCommand restart(Restart rule) {
        return new DetachedCommand(registry, command, name, options.withRestart(Objects.requireNonNull(rule, "rule")));
    }

    /**
     * Returns a copy with another size of the log files than {@link #LOG_BYTES}.
     *
     * @param bytes the size at which a file is replaced by a new one; three older ones are kept; at least 1024
     * @return the copy
     * @throws IllegalArgumentException if it is less
     */
    public DetachedCommand logSize(long bytes) {
        if (bytes < 1024) {
            throw new IllegalArgumentException("bytes: " + bytes + " (expected: at least 1024)");
        }
        return new DetachedCommand(registry, command, name, options.withLogBytes(bytes));
    }

    /**
     * Starts the process, and blocks until it runs and, if the command has {@link Command#ready}, is ready.
     *
     * @return the process
     * @throws NameInUseException if the registry has an entry of that name; of two processes that start the same name, one wins
     * @throws LaunchException if it cannot be started; then there is no entry of it
     * @throws NotReadyException if it exits before it is ready, or is not ready in time; then it was stopped, and there is no
     *     entry of it
     * @throws RegistryException if the files of the registry cannot be written
     * @throws InterruptedException if interrupted; the process is then asked to stop, and its entry stays
     */
    public DetachedProcess start() throws InterruptedException {
        CommandFile file = CommandFile.of(CommandAccess.get().specOf(command), options);
        DetachedProcess process = create(file);
        try {
            process.runShim(file);
        } catch (LaunchException | NotReadyException | RegistryException e) {
            process.discard();
            throw e;
        }
        return process;
    }

    /**
     * Returns the process of this command's name if it runs, also one that another JVM started; else starts it. Blocks until it
     * runs and, if the command has {@link Command#ready}, is ready. A process that is over is started again with this command,
     * and its output is kept; so is one that runs but was asked to stop or has lost its shim, after a {@linkplain
     * DetachedProcess#stop() stop}. Of two calls at the same time, one starts it and both return it.
     *
     * @return the process
     * @throws NameInUseException if the name is that of a running process with another program, other arguments or another
     *     {@linkplain #restart rule}, which is not affected
     * @throws IllegalStateException if the command has no {@linkplain #name(String) name} of its own
     * @throws LaunchException if it cannot be started
     * @throws NotReadyException if it exits before it is ready, or is not ready in time; then it was stopped
     * @throws RegistryException if the files of the registry cannot be read or written, or a process survives its stop
     * @throws InterruptedException if interrupted; a process that is being started is then asked to stop
     */
    public DetachedProcess startOrAdopt() throws InterruptedException {
        String wanted = name;
        if (wanted == null) {
            throw new IllegalStateException("a command without a name cannot be found again: use name(..)");
        }
        CommandFile file = CommandFile.of(CommandAccess.get().specOf(command), options);
        while (true) {
            Optional<DetachedProcess> known = registry.process(wanted);
            try {
                if (known.isEmpty()) {
                    return start();
                }
                if (adoptOrStart(known.get(), file)) {
                    return known.get();
                }
            } catch (NoSuchProcessException e) {
                LOG.debug("removed meanwhile, to be started: {}", wanted);
            } catch (NameInUseException e) {
                if (known.isPresent()) {
                    throw e;
                }
                LOG.debug("started meanwhile, to be adopted: {}", wanted);
            }
        }
    }

    /** Returns whether the process runs now; if not, its state is to be read again. */
    private static boolean adoptOrStart(DetachedProcess known, CommandFile file) throws InterruptedException {
        DetachedState state = known.state();
        if (!state.isActive()) {
            known.startAgain(file);
            return true;
        }
        if (!known.readCommand().isSameService(file)) {
            throw new NameInUseException(
                    "the name " + known.name() + " is in use by a running process with another command: "
                            + String.join(" ", known.commandLine()) + "; stop it, or choose another name");
        }
        if (state.phase() == Phase.ORPHANED || known.isStopRequested()) {
            known.restart(file);
            return true;
        }
        if (state.phase() == Phase.STARTING) {
            var unused = known.awaitExit(state.shim(), START_STEP);
            return false;
        }
        return true;
    }

    private DetachedProcess create(CommandFile file) {
        try {
            Entries.createDirectory(registry.directory());
            String wanted = name != null ? name : defaultName();
            for (int number = 1; number <= (name != null ? 1 : MAX_NUMBER); number++) {
                String numbered = number == 1 ? wanted : wanted + "-" + number;
                if (Entries.create(registry.files(numbered), file)) {
                    return new DetachedProcess(registry, numbered);
                }
            }
            throw new NameInUseException("the name " + wanted + " is in use in " + registry
                    + "; remove that process, restart it, or choose another name");
        } catch (IOException e) {
            throw new RegistryException(
                    "cannot write to the registry " + registry.directory() + ": " + ProcessRegistry.reason(e), e);
        }
    }

    private String defaultName() {
        String usable = command.name().replaceAll("[^A-Za-z0-9._+@-]", "_").replaceAll("^[^A-Za-z0-9]+", "");
        String shorter = usable.length() > LONGEST_DEFAULT ? usable.substring(0, LONGEST_DEFAULT) : usable;
        return shorter.isEmpty() ? "process" : shorter;
    }
}

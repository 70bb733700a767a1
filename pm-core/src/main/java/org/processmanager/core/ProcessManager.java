package org.processmanager.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.manager.Launchers;
import org.slf4j.LoggerFactory;

/**
 * Starts programs and answers for them: closing it stops what it started and is still there. The same happens when the JVM
 * ends in order.
 *
 * <pre>{@code
 * try (ProcessManager pm = ProcessManager.create()) {
 *     ManagedProcess server = pm.command("python3", "-m", "http.server", "8000").directory(site).start();
 *     server.onExit().thenAccept(result -> log.info("{}", result));
 *     StopReport report = server.stop();
 * }
 * }</pre>
 *
 * <p>All methods may be called by any thread.
 */
public final class ProcessManager implements AutoCloseable {
    /** A launch takes as long as the file systems that it looks at, one of which may hang. */
    private static final Duration LAUNCH_BOUND = Duration.ofSeconds(5);

    private static final class Shared {
        static final ProcessManager INSTANCE = new ProcessManager(Launchers.preferred(), true);
    }

    private final Launcher launcher;
    private final boolean shared;
    private final Registry registry = new Registry();
    private final InFlightLaunches launches = new InFlightLaunches();

    private ProcessManager(Launcher launcher, boolean shared) {
        this.launcher = launcher;
        this.shared = shared;
    }

    /**
     * A manager that uses a certain launcher.
     *
     * @param launcher how it starts programs
     */
    ProcessManager(Launcher launcher) {
        this(launcher, false);
    }

    /**
     * A manager of the caller's own, to be closed by him.
     *
     * @return the manager
     */
    public static ProcessManager create() {
        return new ProcessManager(Launchers.preferred(), false);
    }

    /**
     * The manager behind {@link Command#of}, which lives as long as the JVM.
     *
     * @return the manager
     */
    public static ProcessManager shared() {
        return Shared.INSTANCE;
    }

    /**
     * A command that runs on this manager.
     *
     * @param program its name or file
     * @param args its arguments
     * @return the command
     * @throws IllegalArgumentException if the program is empty, or a NUL character stands anywhere
     */
    public Command command(String program, String... args) {
        return Command.of(program, args).on(this);
    }

    /**
     * A command that runs a class of this program in a JVM of its own, without options: see
     * {@link #java(Class, JavaOptions)}.
     *
     * @param main a class with a main method, to which {@link Command#args} go
     * @return the command
     * @throws IllegalArgumentException if it has none, or is not of the class path or module path
     */
    public Command java(Class<?> main) {
        return java(main, JavaOptions.none());
    }

    /**
     * A command that runs a class of this program in a JVM of its own: by the same {@code java}, class path and module path,
     * however long those are and however this program was started. They go by a file that only the child can read, and that
     * goes with it.
     *
     * <p>Of this JVM's options the child gets those that open modules, those that allow native access where it is allowed
     * here, and the properties of this library; no other, and none from the environment.
     *
     * <p>A JVM reads its arguments in the charset of its locale. If an argument, a property, a path or the class has a
     * character outside ASCII, and the child's locale (its {@code LC_ALL}, else {@code LC_CTYPE}, else {@code LANG}) is not
     * one with UTF-8, the child gets {@code LC_ALL=C.UTF-8}, so that everything arrives as it was given.
     *
     * <p>What the JVM itself has to say goes to standard error. Standard output is the program's all the same: whatever
     * library it uses may print there, so that it is no place for a protocol. Give the child a channel of its own by
     * {@link Command#pass}.
     *
     * @param main a class with a main method, to which {@link Command#args} go
     * @param options for the JVM
     * @return the command
     * @throws IllegalArgumentException if the class has no main method, or is not of the class path or module path
     */
    public Command java(Class<?> main, JavaOptions options) {
        return Command.java(main, options).on(this);
    }

    /**
     * Watches a process that somebody else started, and lets it be stopped from here.
     *
     * @param pid its number; anybody's but this JVM's own
     * @return the process, watched until it ends or the watch or this manager is closed
     * @throws NoSuchProcessException if there is no such process
     * @throws ResourcesExhaustedException if no descriptor or memory is free to watch it
     * @throws IllegalArgumentException if the number is out of range or the JVM's own
     * @throws IllegalStateException if this manager is closed
     */
    public AdoptedProcess adopt(long pid) {
        return adopt(pid, Optional.empty());
    }

    /**
     * Watches a certain process that somebody else started, or this JVM in an earlier life.
     *
     * @param identity which; another process that has its number now is left alone
     * @return the process, watched until it ends or the watch or this manager is closed
     * @throws NoSuchProcessException if it has ended
     * @throws ResourcesExhaustedException if no descriptor or memory is free to watch it
     * @throws IllegalArgumentException if the number is out of range or the JVM's own
     * @throws IllegalStateException if this manager is closed
     */
    public AdoptedProcess adopt(ProcessIdentity identity) {
        return adopt(Objects.requireNonNull(identity, "identity").pid(), Optional.of(identity));
    }

    private AdoptedProcess adopt(long pid, Optional<ProcessIdentity> identity) {
        if (pid <= 0 || pid > Integer.MAX_VALUE || pid == Registry.jvm()) {
            throw new IllegalArgumentException("pid: " + pid + " (expected: a process other than this JVM)");
        }
        checkOpen();
        AdoptedProcess process = new AdoptedProcess(launcher.adopt(pid, identity));
        registry.watch(process);
        if (launches.isClosed()) {
            process.close(); // close() may have looked before the watch was there to be seen
            throw isClosed();
        }
        return process;
    }

    /**
     * What it started and has not ended.
     *
     * @return a copy
     */
    public List<ManagedProcess> processes() {
        return registry.processes();
    }

    /**
     * What it still holds: children, zombies, descriptors, streams that are read. For tests: after all work is done, and a
     * moment for what is just ending, the audit {@linkplain OpenResources#isEmpty() is empty}.
     *
     * @return a picture of now
     */
    public OpenResources openResources() {
        return OpenResources.of(registry.held(), registry.watched(), launcher.helpers());
    }

    /**
     * Stops everything that it started and is still there, all at once, each by its command's
     * {@linkplain Command#stopPolicy policy}; it starts nothing more. What it {@linkplain #adopt(long) adopted} lives on.
     * Then it waits for the listeners to be told, a second at most. Closing it again does nothing.
     *
     * <p>An interrupt shortens nothing of that, unlike of {@link ManagedProcess#stop()}, and is kept: several programs would be
     * denied their orderly end for it, and nobody could end later what was left. It takes as long as the longest policy at
     * most, which is 10.5 s with the {@linkplain StopPolicy#defaults() standard} one against a program that ignores TERM.
     *
     * <p>A launch that is under way in another thread either succeeds and is stopped like the others, or fails with an
     * {@link IllegalStateException} when what it began has been killed and reaped; that is waited for, so that nothing runs
     * or starts any more when this method returns. The wait is bounded by five seconds, for a launch can hang, in a file
     * system that does not answer, say: such a one fails in the same way whenever it goes on.
     *
     * @throws UnsupportedOperationException for {@link #shared()}, which belongs to everybody
     */
    @Override
    public void close() {
        if (shared) {
            throw new UnsupportedOperationException(
                    "the shared ProcessManager cannot be closed: use ProcessManager.create() for one of your own");
        }
        launches.close();
        stopAll();
        if (!launches.awaitQuiescence(LAUNCH_BOUND)) {
            LoggerFactory.getLogger(ProcessManager.class)
                    .warn("a launch goes on after {}: its program is killed as soon as it runs", LAUNCH_BOUND);
        }
        registry.closeWatches();
        launcher.close();
    }

    /**
     * Adds a listener, told of every start, failed start and end from now on.
     *
     * @param listener told of each event
     */
    public void addListener(EventListener listener) {
        registry.addListener(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Takes a listener off. It may still be told of what happened before.
     *
     * @param listener which was added
     * @return false if it is not there
     */
    public boolean removeListener(EventListener listener) {
        return registry.removeListener(Objects.requireNonNull(listener, "listener"));
    }

    ProcessResult run(Command command, LaunchSpec spec) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(command.name() + " was not started: its caller is interrupted");
        }
        return launch(List.of(command), List.of(spec), true).get(0).awaitOrStop();
    }

    ManagedProcess start(Command command, LaunchSpec spec) {
        return launch(List.of(command), List.of(spec), false).get(0);
    }

    /** Starts processes that are connected; there is one spec for each command. */
    List<ManagedProcess> startPipeline(List<Command> stages, List<LaunchSpec> specs) {
        return launch(stages, specs, false);
    }

    /** Launches one process or a pipeline, or throws and leaves nothing behind: also if this manager is closed meanwhile. */
    private List<ManagedProcess> launch(List<Command> commands, List<LaunchSpec> specs, boolean callerWaits) {
        if (!launches.enter()) {
            throw isClosed();
        }
        List<ChildProcess> children = List.of();
        List<ManagedProcess> processes = new ArrayList<>(specs.size());
        int announced = 0;
        boolean launched = false;
        try {
            ShutdownHook.aboutToStart(this, specs.size());
            announced = specs.size();
            children = specs.size() == 1
                    ? List.of(launcher.launch(specs.get(0), callerWaits))
                    : launcher.launchPipeline(specs);
            for (ChildProcess child : children) {
                processes.add(registry.add(this, commands.get(processes.size()), child));
            }
            if (ShutdownHook.isRunning()) {
                for (ChildProcess child : children) {
                    child.kill();
                }
            }
            if (launches.isClosed()) {
                // close() may have looked before they were registered.
                throw new IllegalStateException("this ProcessManager was closed while " + names(specs)
                        + " was being started, which was killed");
            }
            launched = true;
            return processes;
        } catch (LaunchException e) {
            registry.launchFailed(specs, e);
            throw e;
        } finally {
            if (!launched) {
                ShutdownHook.ended(this, announced - processes.size());
                InFlightLaunches.undo(children, callerWaits);
            }
            launches.leave();
        }
    }

    private static String names(List<LaunchSpec> specs) {
        return specs.stream().map(LaunchSpec::name).collect(Collectors.joining(" | "));
    }

    /** Stops what lives, within the bounds of the policies, and waits a moment for the listeners to be told. */
    void stopAll() {
        registry.stopAll();
    }

    boolean isLive() {
        return registry.isLive();
    }

    private void checkOpen() {
        if (launches.isClosed()) {
            throw isClosed();
        }
    }

    private static IllegalStateException isClosed() {
        return new IllegalStateException("this ProcessManager is closed");
    }
}

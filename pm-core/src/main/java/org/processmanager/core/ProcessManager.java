package org.processmanager.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.io.SharedFiles;
import org.processmanager.core.internal.launch.program.JavaArguments;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.manager.CommandChecks;
import org.processmanager.core.internal.manager.Launchers;
import org.processmanager.core.internal.manager.Owners;
import org.processmanager.core.internal.util.StackSpace;
import org.processmanager.core.registry.DetachedCommand;
import org.processmanager.core.registry.ProcessRegistry;
import org.processmanager.core.supervise.SupervisorSpec;
import org.slf4j.LoggerFactory;

/**
 * Starts programs and owns their processes: closing the manager stops the processes that are still running. The same happens
 * when the JVM shuts down in an orderly way. On Ctrl-C the terminal sends INT also to the processes in the JVM's process group;
 * they get as long to act on it as their {@linkplain Command#stopPolicy policy} gives them for its first signal before KILL, and
 * only then is the policy applied. While the JVM shuts down, nothing is started any longer, except by {@code run()} on the
 * thread of a shutdown hook, which the JVM waits for. A JVM that is killed, or crashes, stops nothing: its processes continue,
 * except those of commands with {@link Command#dieWithParent()}.
 *
 * <pre>{@code
 * try (ProcessManager pm = ProcessManager.create()) {
 *     ManagedProcess server = pm.command("python3", "-m", "http.server", "8000").directory(site).start();
 *     server.onExit().thenAccept(result -> log.info("{}", result));
 *     StopReport report = server.stop();
 * }
 * }</pre>
 *
 * <p>In a JVM that is process 1, as in a container without an init, the processes that a program leaves behind become children
 * of the JVM. Those that a stop ended are reaped (not on the portable path); others stay zombies: give the container an init.
 *
 * <p>Thread-safe.
 */
public final class ProcessManager implements AutoCloseable {
    /** A launch can hang in a file system that does not respond. */
    private static final Duration LAUNCH_BOUND = Duration.ofSeconds(5);

    private static final class Shared {
        static final ProcessManager INSTANCE = new ProcessManager(null, true);
    }

    /** Null before the first launch, unless it was given. */
    private final AtomicReference<@Nullable Launcher> launcher;

    private final boolean shared;
    private final Registry registry = new Registry(this);
    private final InFlightLaunches launches = new InFlightLaunches();

    static {
        Owners.setAccess(manager -> manager.registry.owners());
    }

    private ProcessManager(@Nullable Launcher launcher, boolean shared) {
        this.launcher = new AtomicReference<>(launcher);
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
     * Creates a manager, to be closed by the caller.
     *
     * @return the manager
     */
    public static ProcessManager create() {
        return new ProcessManager(null, false);
    }

    /**
     * Returns the manager of commands that name none, which exists as long as the JVM.
     *
     * @return the manager
     */
    public static ProcessManager shared() {
        return Shared.INSTANCE;
    }

    /**
     * Creates a command that runs on this manager.
     *
     * @param program its name or file
     * @param args its arguments
     * @return the command
     * @throws IllegalArgumentException if the program is empty, or there is a NUL character in any of them
     */
    public Command command(String program, String... args) {
        return Command.of(program, args).on(this);
    }

    /**
     * Creates a command that runs a class of this program in a JVM of its own, without options: see
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
     * Creates a command that runs a class of this program in a JVM of its own: with the same {@code java}, class path and
     * module path, however long those are and however this program was started. They are passed in a file that only the
     * child can read and that is deleted with it.
     *
     * <p>Of this JVM's options the child gets those that open modules, those that allow native access where it is allowed
     * here, and the properties of this library; no other, and none from the environment.
     *
     * <p>A JVM reads its arguments in the charset of its locale. If an argument, a property, a path or the class has a
     * character outside ASCII, and the child's locale (its {@code LC_ALL}, else {@code LC_CTYPE}, else {@code LANG}) is not
     * one with UTF-8, the child gets {@code LC_ALL=C.UTF-8}, so that everything arrives unchanged.
     *
     * <p>The JVM writes its own messages to standard error. Standard output is not suitable for a protocol, since any
     * library of the program may print there: pass the child a channel of its own by {@link Command#pass}.
     *
     * @param main a class with a main method, to which {@link Command#args} go
     * @param options for the JVM
     * @return the command
     * @throws IllegalArgumentException if the class has no main method, or is not of the class path or module path
     */
    public Command java(Class<?> main, JavaOptions options) {
        CommandChecks.mainClass(main);
        Objects.requireNonNull(options, "options");
        return new Command(JavaArguments.command(main, options.list()), this);
    }

    /**
     * Creates a supervisor without children, for processes of this manager that are started again after failures.
     *
     * @return its description, to be completed and started
     */
    public SupervisorSpec supervisor() {
        return SupervisorSpec.on(this);
    }

    /**
     * Watches a process that this manager did not start, so that it can be signalled and stopped.
     *
     * @param pid its pid; not that of this JVM
     * @return the process, watched until it ends or the watch or this manager is closed
     * @throws NoSuchProcessException if there is no such process
     * @throws ResourcesExhaustedException if no descriptor or memory is free to watch it
     * @throws IllegalArgumentException if the pid is out of range or that of this JVM
     * @throws IllegalStateException if this manager is closed
     */
    public AdoptedProcess adopt(long pid) {
        return adopt(pid, Optional.empty());
    }

    /**
     * Watches a certain process that this manager did not start, or that an earlier JVM started.
     *
     * @param identity which process; another process with the same pid is not affected
     * @return the process, watched until it ends or the watch or this manager is closed
     * @throws NoSuchProcessException if it has ended
     * @throws ResourcesExhaustedException if no descriptor or memory is free to watch it
     * @throws IllegalArgumentException if the pid is out of range or that of this JVM
     * @throws IllegalStateException if this manager is closed
     */
    public AdoptedProcess adopt(ProcessIdentity identity) {
        return adopt(Objects.requireNonNull(identity, "identity").pid(), Optional.of(identity));
    }

    private AdoptedProcess adopt(long pid, Optional<ProcessIdentity> identity) {
        if (pid <= 0 || pid > Integer.MAX_VALUE || pid == Registry.jvm()) {
            throw new IllegalArgumentException("pid: " + pid + " (expected: a process other than this JVM)");
        }
        if (launches.isClosed()) {
            throw isClosed();
        }
        AdoptedProcess process = new AdoptedProcess(launcher().adopt(pid, identity));
        registry.watch(process);
        if (launches.isClosed()) {
            process.close(); // close() may have looked before the watch was registered
            throw isClosed();
        }
        return process;
    }

    /**
     * Creates a command whose process outlives this JVM: see {@link DetachedCommand}. Closing this manager does not stop it.
     *
     * @param command what is started
     * @return the command, in the {@linkplain #registry() user's registry}
     * @throws IllegalArgumentException as for {@link ProcessRegistry#detached}
     */
    public DetachedCommand detached(Command command) {
        return registry().detached(command);
    }

    /**
     * Returns the registry of the detached processes of the user of this JVM.
     *
     * @return the registry in its {@linkplain ProcessRegistry#defaultDirectory() default directory}
     */
    public ProcessRegistry registry() {
        return ProcessRegistry.of(this, ProcessRegistry.defaultDirectory());
    }

    /**
     * Returns the processes that it started and that have not completed.
     *
     * @return a copy
     */
    public List<ManagedProcess> processes() {
        return registry.processes();
    }

    /**
     * Returns the resources that the manager still holds: children, zombies, descriptors, streams. For tests: shortly after all
     * work is done, the result {@linkplain OpenResources#isEmpty() is empty}.
     *
     * @return a snapshot
     */
    public OpenResources openResources() {
        Launcher used = launcher.get();
        return OpenResources.of(registry.held(), registry.watched(), used == null ? List.of() : used.helpers());
    }

    /**
     * Stops its {@linkplain #supervisor() supervisors}, then all processes that it started, at the same time, each by its command's
     * {@linkplain Command#stopPolicy policy}; later launches are refused. {@linkplain #adopt(long) Adopted} processes keep
     * running. Then it waits until the listeners have been notified, for at most a second. Idempotent.
     *
     * <p>Interrupting the caller does not shorten the wait (unlike {@link ManagedProcess#stop()}), since several programs would
     * not exit in order; the interrupt status is preserved. The wait is bounded by the longest policy: 10.5 s with the
     * {@linkplain StopPolicy#defaults() default} one and a program that ignores TERM.
     *
     * <p>A launch that is in progress in another thread either succeeds, and is stopped like the others, or throws
     * {@link IllegalStateException} when its process has been killed and reaped. This method waits for that, for at most five
     * seconds, since a launch can hang, for example in a file system that does not respond. A launch that continues later
     * fails in the same way.
     *
     * @throws UnsupportedOperationException for {@link #shared()}, which all code of this JVM uses
     */
    @Override
    public void close() {
        if (shared) {
            throw new UnsupportedOperationException(
                    "the shared ProcessManager cannot be closed: use ProcessManager.create() for one of your own");
        }
        registry.owners().close();
        launches.close();
        registry.stopAll();
        if (!launches.awaitQuiescence(LAUNCH_BOUND)) {
            LoggerFactory.getLogger(ProcessManager.class)
                    .warn(
                            "a launch is still in progress after {}: its program is killed as soon as it runs",
                            LAUNCH_BOUND);
        }
        registry.closeWatches();
        Launcher used = launcher.get();
        if (used != null) {
            used.close();
        }
    }

    /**
     * Adds a listener. It is notified of every start, failed start and end from now on.
     *
     * @param listener receives each event
     */
    public void addListener(EventListener listener) {
        registry.addListener(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Removes a listener. It may still be notified of earlier events.
     *
     * @param listener one that was added
     * @return false if it was not found
     */
    public boolean removeListener(EventListener listener) {
        return registry.removeListener(Objects.requireNonNull(listener, "listener"));
    }

    ProcessResult run(Command command, LaunchSpec spec) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(command.name() + " was not started: its caller is interrupted");
        }
        return launch(List.of(command), List.of(spec), true, true).get(0).awaitOrStop();
    }

    ManagedProcess start(Command command, LaunchSpec spec) {
        return launch(List.of(command), List.of(spec), false, false).get(0);
    }

    /** Starts processes that are connected; there is one spec for each command, and the caller waits for them if it runs them. */
    List<ManagedProcess> startPipeline(List<Command> stages, List<LaunchSpec> specs, boolean runs) {
        return launch(stages, specs, false, runs);
    }

    /** Launches one process or a pipeline, or throws and leaves nothing behind: also if this manager is closed meanwhile. */
    private List<ManagedProcess> launch(
            List<Command> commands, List<LaunchSpec> specs, boolean callerWaits, boolean runs) {
        StackSpace.require();
        if (!launches.enter()) {
            throw isClosed();
        }
        // With its capacity: what was launched must not be lost because no memory is left for a list of it.
        List<ChildProcess> children = new ArrayList<>(specs.size());
        List<ManagedProcess> processes = new ArrayList<>(specs.size());
        int announced = 0;
        boolean launched = false;
        try {
            boolean ofHook = ShutdownHook.aboutToStart(this, specs.size(), callerWaits || runs);
            announced = specs.size();
            List<LaunchSpec> stages = SharedFiles.resolve(specs);
            if (stages.size() == 1) {
                children.add(launcherFor(specs).launch(stages.get(0), callerWaits));
            } else {
                children.addAll(launcherFor(specs).launchPipeline(stages));
            }
            for (ChildProcess child : children) {
                processes.add(registry.add(this, commands.get(processes.size()), child, ofHook));
            }
            if (ShutdownHook.isRunning() && !ofHook) {
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

    private Launcher launcherFor(List<LaunchSpec> specs) {
        try {
            return launcher();
        } catch (ResourcesExhaustedException e) {
            throw new LaunchException(
                    LaunchException.Reason.RESOURCES_EXHAUSTED,
                    "cannot start " + names(specs) + ": " + e.getMessage(),
                    e);
        }
    }

    /** Chosen by the first call that has the resources to try the native layer. */
    private Launcher launcher() {
        Launcher known = launcher.get();
        if (known != null) {
            return known;
        }
        Launcher chosen = Launchers.preferred();
        known = launcher.compareAndExchange(null, chosen);
        return known != null ? known : chosen;
    }

    private static String names(List<LaunchSpec> specs) {
        return specs.stream().map(LaunchSpec::name).collect(Collectors.joining(" | "));
    }

    /** Stops them because the JVM shuts down. */
    void stopForShutdown() {
        registry.stopForShutdown();
    }

    boolean isLive() {
        return registry.isLive();
    }

    private static IllegalStateException isClosed() {
        return new IllegalStateException("this ProcessManager is closed");
    }
}

package org.processmanager.core;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.EnvironmentSpec;
import org.processmanager.core.internal.launch.JavaArguments;
import org.processmanager.core.internal.launch.LaunchAttributes;
import org.processmanager.core.internal.launch.LaunchSpec;
import org.processmanager.core.internal.launch.Placement;
import org.processmanager.core.internal.launch.PrivateFile;
import org.processmanager.core.internal.launch.Resources;
import org.processmanager.core.internal.launch.Ties;

/**
 * A program with its arguments and everything around it. An immutable value: each method returns a changed copy, so that a
 * command can be kept, shared between threads and run any number of times.
 *
 * <pre>{@code
 * String head = Command.of("git", "rev-parse", "HEAD").directory(repository).run().stdoutText().strip();
 * }</pre>
 *
 * <p>No shell is involved: arguments arrive as they are, in UTF-8, whatever characters they hold but NUL and half a
 * surrogate pair, which are refused. A program named without
 * a slash is looked for in the {@code PATH} of the child's environment; one with a slash is taken relative to the child's
 * {@linkplain #directory working directory}.
 *
 * <p>Bad values are refused by the method that takes them, before anything starts.
 */
public final class Command {
    private final CommandDraft draft;

    private Command(CommandDraft draft) {
        this.draft = draft;
    }

    /**
     * A command that runs on {@link ProcessManager#shared()}.
     *
     * @param program its name or file
     * @param args its arguments
     * @return the command
     * @throws IllegalArgumentException if the program is empty, or a NUL character stands anywhere
     */
    public static Command of(String program, String... args) {
        CommandDraft draft = new CommandDraft();
        draft.commandLine = CommandChecks.joined(List.of(CommandChecks.program(program)), args);
        return new Command(draft);
    }

    /** A class of this program in a JVM of its own. */
    static Command java(Class<?> main, JavaOptions options) {
        CommandChecks.mainClass(main);
        Command java = of(JavaArguments.program(), "@arguments")
                .args(JavaArguments.mainClass(main).toArray(String[]::new))
                .name(main.getSimpleName());
        for (String variable : JavaArguments.VARIABLES) {
            java = java.withoutEnv(variable);
        }
        PrivateFile file = new PrivateFile(1, JavaArguments.file(options.list()));
        return java.with(draft -> draft.ties = draft.ties.withFile(file));
    }

    /**
     * A script for {@code /bin/sh}. The only way to a shell: never build the script from what others sent, but pass it by
     * {@link #env} and quote it there.
     *
     * @param script what follows {@code sh -c}
     * @return the command, which runs on {@link ProcessManager#shared()}
     * @throws IllegalArgumentException if a NUL character stands in it
     */
    public static Command shell(String script) {
        return of("/bin/sh", "-c", script).name("sh");
    }

    /**
     * A copy that runs on a certain manager.
     *
     * @param manager what answers for the process
     * @return the copy
     */
    public Command on(ProcessManager manager) {
        Objects.requireNonNull(manager, "manager");
        return with(draft -> draft.manager = manager);
    }

    /**
     * A copy with one more argument.
     *
     * @param arg the argument, which arrives as it is
     * @return the copy
     * @throws IllegalArgumentException if a NUL character stands in it
     */
    public Command arg(String arg) {
        return args(arg);
    }

    /**
     * A copy with more arguments.
     *
     * @param args the arguments, which arrive as they are
     * @return the copy
     * @throws IllegalArgumentException if a NUL character stands in one
     */
    public Command args(String... args) {
        List<String> line = CommandChecks.joined(draft.commandLine, args);
        return with(draft -> draft.commandLine = line);
    }

    /**
     * A copy with a name for people, which appears in messages and thread names; else that is the program's file name.
     *
     * @param name the name
     * @return the copy
     */
    public Command name(String name) {
        Objects.requireNonNull(name, "name");
        return with(draft -> draft.name = name);
    }

    /**
     * A copy with another working directory than the JVM's. It is looked at when the program is started.
     *
     * @param directory the directory; a relative one starts from the JVM's
     * @return the copy
     */
    public Command directory(Path directory) {
        Objects.requireNonNull(directory, "directory");
        return with(draft -> draft.directory = directory);
    }

    /**
     * A copy with an environment variable more, or with another value.
     *
     * @param key its name; anything but {@code =}
     * @param value its value
     * @return the copy
     * @throws IllegalArgumentException if the name is empty or holds {@code =}, or a NUL character stands anywhere
     */
    public Command env(String key, String value) {
        EnvironmentSpec changed =
                draft.environment.with(CommandChecks.key(key), CommandChecks.passable("value of " + key, value));
        return with(draft -> draft.environment = changed);
    }

    /**
     * A copy without an environment variable.
     *
     * @param key its name
     * @return the copy
     * @throws IllegalArgumentException as for {@link #env}
     */
    public Command withoutEnv(String key) {
        EnvironmentSpec changed = draft.environment.without(CommandChecks.key(key));
        return with(draft -> draft.environment = changed);
    }

    /**
     * A copy with an empty environment, to be filled by {@link #env}. The program is then looked for in {@code /bin} and
     * {@code /usr/bin}, unless {@code PATH} is set.
     *
     * @return the copy
     */
    public Command clearEnv() {
        return with(draft -> draft.environment = draft.environment.clear());
    }

    /**
     * A copy with another standard input than {@link Stdin#empty()}.
     *
     * @param stdin what the program reads
     * @return the copy
     */
    public Command stdin(Stdin stdin) {
        Objects.requireNonNull(stdin, "stdin");
        return with(draft -> draft.stdin = stdin);
    }

    /**
     * A copy with another standard output than {@link Output#capture()} for {@link #run()}, {@link Output#tail} for
     * {@link #start()}.
     *
     * @param stdout what becomes of it
     * @return the copy
     */
    public Command stdout(Output stdout) {
        Objects.requireNonNull(stdout, "stdout");
        return with(draft -> draft.stdout = stdout);
    }

    /**
     * A copy with another standard error; the defaults are those of {@link #stdout}.
     *
     * @param stderr what becomes of it
     * @return the copy
     */
    public Command stderr(Output stderr) {
        Objects.requireNonNull(stderr, "stderr");
        return with(draft -> draft.stderr = stderr);
    }

    /**
     * A copy whose standard error goes where its standard output goes, in the order in which both are written: as
     * {@code 2>&1} does it. The result has both as its standard output.
     *
     * @return the copy, until {@link #stderr} says otherwise
     */
    public Command mergeStderr() {
        return stderr(Output.merged());
    }

    /**
     * A copy whose whole call is bounded. When the time is over the program and all its descendants are ended by the
     * {@linkplain #stopPolicy stop policy}, and the result has the cause {@link Cause#TIMED_OUT}. A program that has ended
     * by then, but whose streams are held open or whose consumers still work, is no longer waited for.
     *
     * @param timeout the bound, from the launch
     * @return the copy
     * @throws IllegalArgumentException if it is not positive
     */
    public Command timeout(Duration timeout) {
        CommandChecks.positive("timeout", timeout);
        return with(draft -> draft.timeout = timeout);
    }

    /**
     * A copy that accepts these exit codes from {@link #run()} instead of 0 alone.
     *
     * @param codes 0 to 255 each
     * @return the copy
     * @throws IllegalArgumentException if there is none, or one out of range
     */
    public Command acceptExitCodes(int... codes) {
        Set<Integer> accepted = CommandChecks.exitCodes(codes);
        return with(draft -> draft.acceptedExitCodes = accepted);
    }

    /**
     * A copy for which {@link #run()} returns every result: also of a timeout, a signal, or a capture over its bound.
     *
     * @return the copy
     */
    public Command acceptAnyExit() {
        return with(draft -> draft.acceptAnyExit = true);
    }

    /**
     * A copy that is ended in another way than by {@link StopPolicy#standard()}.
     *
     * @param policy the ladder
     * @return the copy
     */
    public Command stopPolicy(StopPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return with(draft -> draft.stopPolicy = policy);
    }

    /**
     * A copy whose input and output is text in another charset than the system's own.
     *
     * @param charset for {@link Stdin#of(String)}, {@link ProcessResult#stdoutText()} and {@link Output#lines}; an output
     *     can have {@linkplain Output#charset one of its own}
     * @return the copy
     */
    public Command charset(Charset charset) {
        Objects.requireNonNull(charset, "charset");
        return with(draft -> draft.charset = charset);
    }

    /**
     * A copy that hands a resource over to its child, which finds it announced in its environment: see {@link Inheritable}.
     * It is opened anew at each launch.
     *
     * @param name by which the child asks for it; case does not matter; an earlier one by that name is replaced
     * @param resource what is handed over
     * @return the copy
     * @throws IllegalArgumentException if the name is not a letter followed by up to 99 letters, digits and {@code _}
     */
    public Command handOver(String name, Inheritable resource) {
        Ties changed = draft.ties.with(Resources.variable(name), Objects.requireNonNull(resource, "resource"));
        return with(draft -> draft.ties = changed);
    }

    /**
     * A copy whose process ends with this JVM, in whatever way that ends: also if it is killed, or crashes. (When the JVM
     * ends in order, every process is {@linkplain ProcessManager stopped}, with or without this.) The process gets a session
     * of its own, also if it inherits a stream, and within a moment of the JVM's end KILL is sent to everything in it.
     *
     * <p>Out of reach: a descendant that made a session of its own, and what a process left behind that had ended before. A
     * small shell of the manager's does this; it is there from the first such launch until the manager is closed.
     *
     * @return the copy; the portable path refuses to start it
     */
    public Command dieWithParent() {
        return with(draft -> draft.ties = draft.ties.withDeath());
    }

    /**
     * A copy with other limits for what the program and all that it starts may take. The limits that the command has so far
     * are what the change starts from. Needs {@code prlimit} of util-linux.
     *
     * @param change as {@code l -> l.openFiles(256).memory(2L << 30)}
     * @return the copy
     * @throws IllegalArgumentException if a limit is out of range
     */
    public Command limits(UnaryOperator<ResourceLimits> change) {
        ResourceLimits limits = change.apply(new ResourceLimits(draft.attributes.limits()));
        return withAttributes(draft.attributes.withLimits(limits.ranges()));
    }

    /**
     * A copy with another file mode creation mask than the JVM's.
     *
     * @param mask the permissions that new files do not get, as 0027
     * @return the copy
     * @throws IllegalArgumentException if it is not between 0 and 0777
     */
    public Command umask(int mask) {
        CommandChecks.umask(mask);
        return withAttributes(draft.attributes.withUmask(mask));
    }

    /**
     * A copy with another niceness than the JVM's. One that is lower needs CAP_SYS_NICE or a limit
     * ({@link ResourceLimits#niceness}) that allows it; else the launch is refused.
     *
     * @param niceness from -20, which is served first, to 19
     * @return the copy
     * @throws IllegalArgumentException if it is out of range
     */
    public Command nice(int niceness) {
        CommandChecks.niceness(niceness);
        return withAttributes(draft.attributes.withNice(niceness));
    }

    /**
     * A copy with another priority for disks than the JVM's.
     *
     * @param priority class and level
     * @return the copy
     */
    public Command ioNice(IoPriority priority) {
        Objects.requireNonNull(priority, "priority");
        return withAttributes(draft.attributes.withIoPriority(priority));
    }

    /**
     * A copy that runs on these processors alone. The launch is refused if one of them is missing or not allowed here.
     *
     * @param cpus their numbers, from 0
     * @return the copy
     * @throws IllegalArgumentException if there is none, or one is not between 0 and 4095
     */
    public Command affinity(int... cpus) {
        CommandChecks.cpus(cpus);
        return withAttributes(draft.attributes.withCpus(cpus));
    }

    /**
     * A copy that runs as another user. Unless {@link #group} and {@link #supplementaryGroups} say otherwise, the groups are
     * those of that user. {@code HOME}, {@code USER}, {@code LOGNAME} and {@code SHELL} become those of the user, except
     * those that {@link #env} or {@link #withoutEnv} names and after {@link #clearEnv}; all other variables stay. The program
     * is looked for, and must be executable, before the change. Needs the privileges of the superuser (CAP_SETUID and
     * CAP_SETGID) and {@code setpriv} of util-linux.
     *
     * @param user a name, or a number in digits; one that no user has needs {@link #group} as well
     * @return the copy
     * @throws IllegalArgumentException if it is empty, or a NUL character stands in it
     */
    public Command user(String user) {
        return withAttributes(draft.attributes.withUser(CommandChecks.account("user", user)));
    }

    /**
     * A copy that runs in another group than the user's own. The supplementary groups stay what they were, unless
     * {@link #user} or {@link #supplementaryGroups} changes them. Needs CAP_SETGID and {@code setpriv} of util-linux.
     *
     * @param group a name, or a number in digits
     * @return the copy
     * @throws IllegalArgumentException if it is empty, or a NUL character stands in it
     */
    public Command group(String group) {
        return withAttributes(draft.attributes.withGroup(CommandChecks.account("group", group)));
    }

    /**
     * A copy with these supplementary groups and no others. Needs CAP_SETGID and {@code setpriv} of util-linux.
     *
     * @param groups a name, or a number in digits, each; with nothing there are none
     * @return the copy
     * @throws IllegalArgumentException if one is empty, or a NUL character stands in it
     */
    public Command supplementaryGroups(String... groups) {
        List<String> checked = Arrays.stream(groups)
                .map(group -> CommandChecks.account("groups", group))
                .toList();
        return withAttributes(draft.attributes.withSupplementaryGroups(checked));
    }

    /**
     * A copy that runs in a control group (cgroup v2). If there is no such folder it is made for this process, in one that
     * is there, and removed with its last member. Everything in it belongs to the process then: stopping the process ends
     * all members, also those that no walk along parents and sessions would find, and what the kernel ends for want of
     * memory has the cause {@link Cause#OUT_OF_MEMORY}, where the memory controller is on. Therefore give a folder that is
     * there already to one process at a time; one with this JVM in it is refused.
     *
     * @param folder below the place where cgroup v2 is mounted; a relative one starts from there
     * @return the copy
     */
    public Command cgroup(Path folder) {
        Objects.requireNonNull(folder, "folder");
        return withAttributes(draft.attributes.withCgroup(folder));
    }

    /**
     * A copy that runs in a process group of its own in the JVM's session. At a terminal it is then in the background:
     * reading from the terminal halts it. Without this and {@link #newSession} a process has a session of its own, or, if
     * it inherits a standard stream, the JVM's group.
     *
     * @return the copy
     */
    public Command processGroup() {
        return withAttributes(draft.attributes.withPlacement(Placement.OWN_GROUP));
    }

    /**
     * A copy that runs in a session of its own, without a controlling terminal, also if it inherits a standard stream.
     *
     * @return the copy
     */
    public Command newSession() {
        return withAttributes(draft.attributes.withPlacement(Placement.OWN_SESSION));
    }

    /**
     * A pipeline of this and another command, which reads what this one writes.
     *
     * @param next reads it
     * @return the pipeline, to be run or started
     * @throws IllegalArgumentException if the standard output of this or the standard input of the other was set, or they
     *     belong to different managers
     */
    public Pipeline pipeTo(Command next) {
        return Pipeline.of(this, next);
    }

    /**
     * The program and its arguments.
     *
     * @return an unmodifiable list
     */
    public List<String> commandLine() {
        return draft.commandLine;
    }

    /**
     * The name for people.
     *
     * @return what {@link #name(String)} set, else the program's file name
     */
    public String name() {
        if (draft.name != null) {
            return draft.name;
        }
        String program = draft.commandLine.get(0);
        return program.substring(program.lastIndexOf('/') + 1);
    }

    /**
     * The bound of the whole call.
     *
     * @return what {@link #timeout(Duration)} set
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(draft.timeout);
    }

    /**
     * How it is ended.
     *
     * @return the ladder
     */
    public StopPolicy stopPolicy() {
        return draft.stopPolicy;
    }

    /**
     * What its output is written in.
     *
     * @return the charset
     */
    public Charset charset() {
        return draft.charset;
    }

    /**
     * Runs the program, waits for its end and returns what it left.
     *
     * <p>Output is captured unless something else was said. Waiting blocks no carrier of a virtual thread.
     *
     * @return the result
     * @throws LaunchException if it cannot be started
     * @throws ProcessFailedException if its end is not accepted: another exit code, a signal, the timeout, a stop by
     *     another thread, more output than the bound of a capture, a consumer that failed; never with
     *     {@link #acceptAnyExit}
     * @throws InterruptedException if interrupted while waiting; the program and its descendants have then been stopped
     * @throws IllegalStateException if the manager is closed, or standard input is {@link Stdin#pipe()}, which would block
     *     the program for ever
     */
    public ProcessResult run() throws InterruptedException {
        checkRunnable();
        ProcessResult result = manager().run(this, spec(Output.capture()));
        if (!result.accepted()) {
            throw new ProcessFailedException(result);
        }
        return result;
    }

    /**
     * Starts the program and returns at once. The last 64 KiB of its streams are kept unless something else was said.
     *
     * @return the process, for which the manager answers
     * @throws LaunchException if it cannot be started; then nothing is left behind
     * @throws IllegalStateException if the manager is closed
     */
    public ManagedProcess start() {
        return manager().start(this, spec(Output.tail(Output.TAIL_BYTES)));
    }

    /** The command line. */
    @Override
    public String toString() {
        return Readable.commandLine(draft.commandLine);
    }

    /** What text of an output stream is written in; null stands for one of which nothing was said. */
    private Charset charsetOf(@Nullable Output output) {
        Charset own = output == null ? null : output.charset();
        return own != null ? own : draft.charset;
    }

    Charset stdoutCharset() {
        return charsetOf(draft.stdout);
    }

    Charset stderrCharset() {
        return charsetOf(draft.stderr);
    }

    void checkRunnable() {
        if (draft.stdin == Stdin.pipe()) {
            throw new IllegalStateException("nobody could write to " + name()
                    + ": Stdin.pipe() is for start(); use Stdin.of(..) or Stdin.empty() with run()");
        }
    }

    /** The manager that was said; null for the shared one. */
    @Nullable
    ProcessManager ownManager() {
        return draft.manager;
    }

    boolean hasStdin() {
        return draft.stdin != Stdin.empty();
    }

    boolean hasStdout() {
        return draft.stdout != null;
    }

    Set<Integer> acceptedExitCodes() {
        return draft.acceptedExitCodes;
    }

    boolean acceptsAnyExit() {
        return draft.acceptAnyExit;
    }

    private ProcessManager manager() {
        return draft.manager != null ? draft.manager : ProcessManager.shared();
    }

    LaunchSpec spec(Output unlessSaid) {
        return draft.spec(name(), unlessSaid);
    }

    private Command withAttributes(LaunchAttributes changed) {
        return with(draft -> draft.attributes = changed);
    }

    private interface Change {
        void apply(CommandDraft draft);
    }

    private Command with(Change change) {
        CommandDraft copy = draft.clone();
        change.apply(copy);
        return new Command(copy);
    }
}

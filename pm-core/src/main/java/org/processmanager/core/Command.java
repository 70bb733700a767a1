package org.processmanager.core;

import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.program.JavaArguments;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.PrivateFile;
import org.processmanager.core.internal.manager.CommandChecks;
import org.processmanager.core.internal.manager.ShellQuoting;

/**
 * A program with its arguments and everything around it. An immutable value: each method returns a changed copy, so that a
 * command can be kept, shared between threads and run any number of times.
 *
 * <pre>{@code
 * String head = Command.of("git", "rev-parse", "HEAD").directory(repository).run().stdoutText().strip();
 * }</pre>
 *
 * <p>No shell is involved: arguments arrive as they are, in UTF-8, whatever characters they hold but NUL and half a
 * surrogate pair, which are refused. A program named without a slash is looked for in the {@code PATH} of the child's
 * environment; one with a slash is taken relative to the child's {@linkplain #directory working directory}. What the
 * program sees as its own name ({@code argv[0]}) is the name as given; where other programs stand on the way to it (for
 * {@link #limits}, {@link #user}, {@link #group}, {@link #supplementaryGroups}, {@link #cgroup}, {@link #dieWithParent}),
 * and on the portable path, it is the file that was found.
 *
 * <p>Bad values are refused by the method that takes them, before anything starts.
 */
public final class Command extends PlacedCommand {
    private Command(CommandDraft draft) {
        super(draft);
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
        Objects.requireNonNull(options, "options");
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
        return of("/bin/sh", "-c", Objects.requireNonNull(script, "script")).name("sh");
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
        return args(Objects.requireNonNull(arg, "arg"));
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
     * A copy with another standard input than {@link Input#empty()}.
     *
     * @param stdin what the program reads
     * @return the copy
     */
    public Command stdin(Input stdin) {
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
     * {@linkplain #stopPolicy stop policy}, and the result has the cause {@link EndReason#TIMED_OUT}. A program that has ended
     * by then, but whose streams are held open or whose consumers still work, is no longer waited for; a consumer that has
     * not taken everything then is a {@linkplain ProcessResult#failure() failure}.
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
     * A copy that is ended in another way than by {@link StopPolicy#defaults()}.
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
     * @param charset for {@link Input#of(String)}, {@link ProcessResult#stdoutText()} and {@link Output#lines}; an output
     *     can have {@linkplain Output#charset one of its own}
     * @return the copy
     */
    public Command charset(Charset charset) {
        Objects.requireNonNull(charset, "charset");
        return with(draft -> draft.charset = charset);
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
        return Pipeline.of(this, Objects.requireNonNull(next, "next"));
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
     *     another thread, more output than the bound of a capture, a consumer that failed or had not taken everything at the
     *     timeout; never with {@link #acceptAnyExit}, whose result tells of it all the same
     * @throws InterruptedException if interrupted while waiting; the program and its descendants have then been stopped by the
     *     {@linkplain #stopPolicy stop policy}, so that the program can end in order: that takes up to its bounds, also if
     *     interrupted again, and no time with {@link StopPolicy#immediateKill()}
     * @throws IllegalStateException if the manager is closed, or standard input is {@link Input#pipe()}, which would block
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
        return ShellQuoting.commandLine(draft.commandLine);
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
        if (draft.stdin == Input.pipe()) {
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
        return draft.stdin != Input.empty();
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

    @Override
    Command with(Change change) {
        CommandDraft copy = draft.clone();
        change.apply(copy);
        return new Command(copy);
    }
}

package org.processmanager.core;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
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
 * <p>No shell is involved: arguments are passed unchanged, in UTF-8; NUL characters and unpaired surrogates are refused. A
 * program named without a slash is looked up in the {@code PATH} of the child's environment; one with a slash is relative to
 * the child's {@linkplain #directory working directory}. What the program sees as its own name ({@code argv[0]}) is the name
 * as given, or {@link #argv0}; where other programs execute it (for {@link #limits}, {@link #user}, {@link #group},
 * {@link #supplementaryGroups}, {@link #cgroup}, {@link #dieWithParent}), and on the portable path, it is the file that was
 * found.
 *
 * <p>Bad values are refused by the method that takes them.
 */
public final class Command extends CommandAttributes {
    private final @Nullable ProcessManager manager; // null for the shared one
    final @Nullable Readiness readiness;

    Command(LaunchSpec spec, @Nullable ProcessManager manager) {
        this(spec, manager, null);
    }

    private Command(LaunchSpec spec, @Nullable ProcessManager manager, @Nullable Readiness readiness) {
        super(spec);
        this.manager = manager;
        this.readiness = readiness;
    }

    /**
     * Creates a command that runs on {@link ProcessManager#shared()}.
     *
     * @param program its name or file
     * @param args its arguments
     * @return the command
     * @throws IllegalArgumentException if the program is empty, or there is a NUL character in any of them
     */
    @CheckReturnValue
    public static Command of(String program, String... args) {
        return new Command(new LaunchSpec(CommandChecks.commandLine(program, args)), null);
    }

    /**
     * Creates a command from a command line.
     *
     * @param commandLine the program, then its arguments
     * @return the command, which runs on {@link ProcessManager#shared()}
     * @throws IllegalArgumentException if there is no program, it is empty, or there is a NUL character in any of them
     */
    @CheckReturnValue
    public static Command of(List<String> commandLine) {
        return new Command(new LaunchSpec(CommandChecks.commandLine(commandLine)), null);
    }

    /**
     * Creates a command from a program's file.
     *
     * @param program the file; a relative one is relative to the child's working directory and not looked up in {@code PATH}
     * @param args its arguments
     * @return the command, which runs on {@link ProcessManager#shared()}
     * @throws IllegalArgumentException if the file's name is empty or of another file system than the default one, or there is
     *     a NUL character in an argument
     */
    @CheckReturnValue
    public static Command of(Path program, String... args) {
        return new Command(new LaunchSpec(CommandChecks.commandLine(program, args)), null);
    }

    /**
     * Creates a command that runs a script by {@code /bin/sh}. This is the only way to a shell: never build the script from
     * untrusted text; pass such text by {@link #env} and quote the variable.
     *
     * @param script what follows {@code sh -c}
     * @return the command, which runs on {@link ProcessManager#shared()}
     * @throws IllegalArgumentException if there is a NUL character in it
     */
    @CheckReturnValue
    public static Command shell(String script) {
        return of("/bin/sh", "-c", Objects.requireNonNull(script, "script")).name("sh");
    }

    /**
     * Returns a copy that runs on another manager.
     *
     * @param manager the manager that will own the process
     * @return the copy
     */
    @CheckReturnValue
    public Command on(ProcessManager manager) {
        return new Command(spec, Objects.requireNonNull(manager, "manager"), readiness);
    }

    /**
     * Returns a copy with one more argument.
     *
     * @param arg the argument, passed unchanged
     * @return the copy
     * @throws IllegalArgumentException if there is a NUL character in it
     */
    @CheckReturnValue
    public Command arg(String arg) {
        return args(Objects.requireNonNull(arg, "arg"));
    }

    /**
     * Returns a copy with more arguments.
     *
     * @param args the arguments, passed unchanged
     * @return the copy
     * @throws IllegalArgumentException if there is a NUL character in one
     */
    @CheckReturnValue
    public Command args(String... args) {
        return with(spec.withCommandLine(CommandChecks.joined(spec.commandLine(), args)));
    }

    /**
     * Returns a copy with more arguments.
     *
     * @param args the arguments, passed unchanged
     * @return the copy
     * @throws IllegalArgumentException if there is a NUL character in one
     */
    @CheckReturnValue
    public Command args(Collection<String> args) {
        return args(Objects.requireNonNull(args, "args").toArray(new String[0]));
    }

    /**
     * Returns a copy with another standard input than {@link Input#empty()}.
     *
     * @param stdin what the program reads
     * @return the copy
     */
    @CheckReturnValue
    public Command stdin(Input stdin) {
        Objects.requireNonNull(stdin, "stdin");
        return with(spec.withStreams(stdin.spec(), spec.stdout(), spec.stderr()));
    }

    /**
     * Returns a copy whose standard input is a text: short for {@link Input#of(String)}.
     *
     * @param content the text, in the command's {@linkplain #charset charset}
     * @return the copy
     */
    @CheckReturnValue
    public Command stdin(String content) {
        return stdin(Input.of(content));
    }

    /**
     * Returns a copy with another standard output than the default: {@link Output#capture()} for {@link #run()},
     * {@link Output#tail} for {@link #start()}.
     *
     * @param stdout what becomes of it
     * @return the copy
     */
    @CheckReturnValue
    public Command stdout(Output stdout) {
        Objects.requireNonNull(stdout, "stdout");
        return with(spec.withStreams(spec.stdin(), stdout.spec(), spec.stderr()));
    }

    /**
     * Returns a copy with another standard error; the defaults are those of {@link #stdout}.
     *
     * @param stderr what becomes of it
     * @return the copy
     */
    @CheckReturnValue
    public Command stderr(Output stderr) {
        Objects.requireNonNull(stderr, "stderr");
        return with(spec.withStreams(spec.stdin(), spec.stdout(), stderr.spec()));
    }

    /**
     * Returns a copy that writes its standard error where its standard output goes, like {@code 2>&1}. The result has both as
     * its standard output, in the order in which they were written.
     *
     * @return the copy, until {@link #stderr} changes it
     */
    @CheckReturnValue
    public Command mergeStderr() {
        return stderr(Output.merged());
    }

    /**
     * Returns a copy with a time limit for the whole call. When it expires, the program and all its descendants are stopped by
     * the {@linkplain #stopPolicy stop policy}, and the result has the end reason {@link EndReason#TIMED_OUT}. If the program
     * has exited by then, but its streams are still open or its consumers still busy, the call stops waiting for those; a
     * consumer that has not received everything then is a {@linkplain ProcessResult#failure() failure}.
     *
     * @param timeout the limit, from the launch
     * @return the copy
     * @throws IllegalArgumentException if it is not positive
     */
    @CheckReturnValue
    public Command timeout(Duration timeout) {
        return with(spec.withTimes(CommandChecks.positive("timeout", timeout), spec.streamGrace()));
    }

    /**
     * Returns a copy for which {@link #run()} accepts these exit codes instead of 0 alone.
     *
     * @param codes 0 to 255 each
     * @return the copy
     * @throws IllegalArgumentException if there is none, or one is out of range
     */
    @CheckReturnValue
    public Command acceptExitCodes(int... codes) {
        return with(spec.withAccepted(CommandChecks.exitCodes(codes), spec.acceptsAnyExit()));
    }

    /**
     * Returns a copy for which {@link #run()} returns every result: also of a timeout, a signal, or a capture over its bound.
     *
     * @return the copy
     */
    @CheckReturnValue
    public Command acceptAnyExit() {
        return with(spec.withAccepted(spec.acceptedExitCodes(), true));
    }

    /**
     * Returns a copy for which {@link #startReady()} waits until the process is ready. {@link #start()} does not wait;
     * {@link ManagedProcess#awaitReady()} can be called afterwards. {@link #run()} and pipelines ignore it.
     *
     * @param ready how it is known that it is ready
     * @param timeout the longest wait
     * @return the copy
     * @throws IllegalArgumentException if the timeout is not positive
     */
    @CheckReturnValue
    public Command ready(Ready ready, Duration timeout) {
        Objects.requireNonNull(ready, "ready");
        return new Command(spec, manager, new Readiness(ready, CommandChecks.positive("timeout", timeout)));
    }

    /**
     * Returns a pipeline of this and another command, which reads what this one writes.
     *
     * @param next the reader
     * @return the pipeline, to be run or started
     * @throws IllegalArgumentException if the standard output of this or the standard input of the other was set, or they
     *     belong to different managers
     */
    @CheckReturnValue
    public Pipeline pipeTo(Command next) {
        return Pipeline.of(this, Objects.requireNonNull(next, "next"));
    }

    /**
     * Returns the program and its arguments.
     *
     * @return an unmodifiable list; a byte of the program's path that is not UTF-8 is a lone surrogate, U+DC80 to U+DCFF
     */
    public List<String> commandLine() {
        return spec.commandLine();
    }

    /**
     * Returns the name for messages.
     *
     * @return what {@link #name(String)} set, else the program's file name
     */
    public String name() {
        return spec.name();
    }

    /**
     * Returns the time limit of the whole call.
     *
     * @return what {@link #timeout(Duration)} set
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(spec.timeout());
    }

    /**
     * Returns how it is stopped.
     *
     * @return the policy
     */
    public StopPolicy stopPolicy() {
        return spec.stopPolicy();
    }

    /**
     * Returns the charset of its text.
     *
     * @return the charset
     */
    public Charset charset() {
        return spec.charset();
    }

    /**
     * Runs the program, blocks until it has exited and returns its result.
     *
     * <p>Output is captured unless the command says otherwise. Waiting blocks no carrier of a virtual thread.
     *
     * @return the result
     * @throws LaunchException if it cannot be started
     * @throws ProcessFailedException if its end is not accepted: another exit code, a signal, the timeout, a stop by another
     *     thread, more output than the bound of a capture, a consumer that failed or had not received everything at the
     *     timeout; never with {@link #acceptAnyExit}, whose result has all of that
     * @throws InterruptedException if interrupted while waiting; the program and its descendants have then been stopped by the
     *     {@linkplain #stopPolicy stop policy}, which takes up to the policy's time limits, also if interrupted again, and no
     *     time with {@link StopPolicy#immediateKill()}
     * @throws IllegalStateException if the manager is closed, or the JVM is {@linkplain ProcessManager shutting down}, or a
     *     stream is {@link Input#pipe()} or {@link Output#pipe()}, which would block the program forever
     */
    public ProcessResult run() throws InterruptedException {
        CommandChecks.runnable(spec);
        ProcessResult result = manager().run(this, spec.ready(OutputSpec.CAPTURE));
        if (!result.accepted()) {
            throw new ProcessFailedException(result);
        }
        return result;
    }

    /**
     * Starts the program and returns at once. The last 64 KiB of its streams are kept unless the command says otherwise.
     *
     * @return the process, owned by the manager
     * @throws LaunchException if it cannot be started; then nothing is left behind
     * @throws IllegalStateException if the manager is closed, or the JVM is {@linkplain ProcessManager shutting down}
     */
    public ManagedProcess start() {
        return readiness != null
                ? readiness.start(this, manager())
                : manager().start(this, spec.ready(Output.TAIL.spec()));
    }

    /**
     * Starts the program and blocks until it is {@linkplain #ready ready}. Output is delivered meanwhile, as after
     * {@link #start()}. In any other case the process and its descendants are stopped by the {@linkplain #stopPolicy stop policy}.
     *
     * @return the process, which is ready
     * @throws LaunchException if it cannot be started; then nothing is left behind
     * @throws NotReadyException if it exits before, is stopped, or is not ready in time
     * @throws InterruptedException if interrupted while waiting; the process has then been stopped
     * @throws IllegalStateException as for {@link #start()}; also if {@link #ready} was not called, or waits for a line and no
     *     output comes through this JVM
     */
    public ManagedProcess startReady() throws InterruptedException {
        if (readiness == null) {
            throw new IllegalStateException(name() + " has no condition of readiness: set one by Command.ready(..)");
        }
        return readiness.startReady(this, manager());
    }

    @Nullable
    Readiness readiness() {
        return readiness;
    }

    /** Returns the command line, quoted for a shell. */
    @Override
    public String toString() {
        return ShellQuoting.commandLine(spec.commandLine());
    }

    LaunchSpec spec() {
        return spec;
    }

    @Nullable
    ProcessManager ownManager() {
        return manager;
    }

    private ProcessManager manager() {
        return manager != null ? manager : ProcessManager.shared();
    }

    @Override
    Command with(LaunchSpec changed) {
        return new Command(changed, manager, readiness);
    }
}

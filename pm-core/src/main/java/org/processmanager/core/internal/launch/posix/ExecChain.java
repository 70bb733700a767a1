package org.processmanager.core.internal.launch.posix;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.program.ProgramFile;
import org.processmanager.core.internal.launch.program.ShellEnvironment;
import org.processmanager.core.internal.launch.program.SystemTools;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.Rlimit;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.FileChecks;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.ThreadSettings;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.tree.ProcFs;
import org.processmanager.core.internal.util.Nanos;
import org.processmanager.core.internal.util.Threads;

/**
 * The programs through which a process reaches its program: none, or wrappers that each change an attribute of the process and
 * then execute the next one, which inherits it. The process remains the same:
 * <pre>
 *   sh -c (the barrier: waits until the process is in its control group; the umask, where no thread can have its own)
 *      -> env (what the shell did to the environment) -> prlimit (limits) -> setpriv (user and groups) -> the program
 * </pre>
 *
 * <p>Whether the program was reached is observed from outside, by the command lines of the wrappers, which are known in
 * advance, and by the exit of one that failed. Where {@code /proc} does not show the process, or is not that of this pid
 * namespace, nothing is observed.
 */
final class ExecChain {
    private static final long FIRST_PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 2_000_000;
    private static final long LONGEST_WAY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int JUST_SECONDS = 5;
    private static final int SCRIPT = 2;
    /** An execution shows an empty command line for a moment; a process without a main thread always does. */
    private static final long LONGEST_EMPTY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final String BARRIER = "pm-barrier";
    /** The shell that {@code execvp} of the C library falls back to. */
    private static final String SHELL = "/bin/sh";

    private static final String BARRIER_PURPOSE = "a control group, or dying with the parent,";
    private static final String UMASK_PURPOSE = "a umask, since the system call unshare is refused here,";

    private final LaunchSpec spec;
    /** The path as seen from the working directory of this JVM. */
    private final String outside;
    /** The path as seen from the working directory of the child. */
    private final String file;

    private final boolean behindBarrier;
    /** The umask that the shell sets; null if the launching thread does, or it is inherited. */
    private final @Nullable Integer umask;

    private final List<byte[]> words = new ArrayList<>();
    private final List<WrapperExit.Wrapper> wrappers = new ArrayList<>();

    private ExecChain(LaunchSpec spec, String outside, String file, boolean behindBarrier) {
        this.spec = spec;
        this.outside = outside;
        this.file = file;
        this.behindBarrier = behindBarrier;
        this.umask = shellUmask(spec);
    }

    private static @Nullable Integer shellUmask(LaunchSpec spec) {
        Integer umask = spec.umask();
        return umask == null || ThreadSettings.separatesUmask() ? null : umask;
    }

    /**
     * Creates the chain for a program; opens and starts nothing.
     *
     * @param outside the program's file as seen from the working directory of this JVM
     * @param inside the same as seen from the working directory of the child
     * @param behindBarrier whether the chain begins at a {@link StartBarrier}
     * @throws LaunchException if a wrapper is not installed, or if the program, behind a wrapper, cannot be executed
     */
    static ExecChain plan(
            LaunchSpec spec, String outside, String inside, Credentials credentials, boolean behindBarrier) {
        boolean limits = !spec.limits().isEmpty();
        boolean user = !credentials.arguments().isEmpty();
        boolean shell = behindBarrier || shellUmask(spec) != null;
        boolean direct = !limits && !user && !shell;
        if (!direct && spec.argv0() != null) {
            throw new LaunchException(
                    LaunchException.Reason.ATTRIBUTE_REFUSED,
                    "cannot start " + spec.program() + " as " + spec.argv0()
                            + ": with limits, other credentials, a control group, dieWithParent, or a umask in a container,"
                            + " another program executes it, by its file name; leave out argv0 or those",
                    null);
        }
        // The tools would look for a name without a slash in PATH again.
        ExecChain chain = new ExecChain(
                spec, outside, direct || inside.indexOf('/') >= 0 ? inside : "./" + inside, behindBarrier);
        if (shell) {
            chain.addShell(behindBarrier ? BARRIER_PURPOSE : UMASK_PURPOSE, !limits && !user);
        }
        if (limits) {
            chain.addLimits(spec.limits());
        }
        if (user) {
            chain.wrap("setpriv", "another user or group");
            credentials.arguments().forEach(chain::add);
            chain.add("--");
        }
        if (!direct) {
            chain.add(chain.file);
            spec.commandLine().subList(1, spec.commandLine().size()).forEach(chain::add);
            ProgramFile.check(spec, outside);
        }
        return chain;
    }

    boolean isBehindBarrier() {
        return behindBarrier;
    }

    /** Returns whether there is no wrapper. */
    boolean isDirect() {
        return wrappers.isEmpty();
    }

    /**
     * Returns whether a wrapper may have failed because the program was being written, which is temporary: its exit code does not
     * show it, but it is likely for a file that has just changed.
     */
    boolean mayBeBusy() {
        return !isDirect() && hasJustChanged(outside);
    }

    static boolean hasJustChanged(String program) {
        return System.currentTimeMillis() / 1000 - FileChecks.changeSeconds(program) <= JUST_SECONDS;
    }

    /** Returns the file that is executed first. */
    String first() {
        return isDirect() ? file : PathText.decode(Arrays.copyOf(words.get(0), words.get(0).length - 1));
    }

    /** Returns the command line of the file that is executed first; the caller closes it. */
    CStrings argv(int barrierDescriptor) {
        if (isDirect()) {
            return CStrings.of(spec.argv());
        }
        if (behindBarrier || umask != null) {
            words.set(SCRIPT, CStrings.terminated(script(barrierDescriptor)));
        }
        return CStrings.ofTerminated(words);
    }

    /** Returns the script of the shell; the name that it sets shows afterwards that the shell exited, not the program. */
    private String script(int barrierDescriptor) {
        return "{ printf " + BARRIER + " >/proc/$$/comm; } 2>/dev/null; "
                + (behindBarrier ? StartBarrier.script(barrierDescriptor) : "")
                + (umask == null ? "" : "umask 0" + Integer.toOctalString(umask) + "; ")
                + "exec \"$@\"";
    }

    private void addShell(String purpose, boolean programFollows) {
        wrap("sh", BARRIER, purpose);
        add("-c");
        add(""); // set when the descriptors are known
        add(BARRIER);
        wrap("env", purpose);
        words.addAll(ShellEnvironment.repair(spec.environment()));
        if (programFollows && file.indexOf('=') >= 0) {
            // Otherwise it would be mistaken for a variable.
            wrap("nice", purpose);
            add("-n");
            add("0");
            add("--");
        }
    }

    private void addLimits(Map<Rlimit, Rlimit.Range> limits) {
        wrap("prlimit", "limiting resources");
        new TreeMap<>(limits).forEach((limit, range) -> add(limit.option(range)));
        add("--");
    }

    private void wrap(String tool, String purpose) {
        wrap(tool, tool, purpose);
    }

    private void wrap(String tool, String name, String purpose) {
        wrappers.add(new WrapperExit.Wrapper(tool, name, words.size()));
        add(SystemTools.find(spec, tool, purpose));
    }

    private void add(String word) {
        words.add(CStrings.terminated(word));
    }

    /**
     * Waits until the process executes the program, or cannot at present, for example because it is suspended before.
     *
     * @param complaint returns the standard error of the process so far, if it is known
     * @throws LaunchException if a wrapper failed; the process has then exited and is not reaped
     */
    void awaitProgram(int pid, Supplier<String> complaint) {
        if (isDirect() || !ProcFs.isUsable()) {
            return;
        }
        // One byte longer than that of any wrapper.
        byte[] line = new byte[1 + words.stream().mapToInt(word -> word.length).sum()];
        long pause = FIRST_PAUSE_NANOS;
        long start = System.nanoTime();
        long shown = start;
        long bound = spec.timeout() == null ? LONGEST_WAY_NANOS : Math.min(LONGEST_WAY_NANOS, Nanos.of(spec.timeout()));
        while (System.nanoTime() - start < bound) {
            // In this order: a process that has exited has no command line.
            int length = readCommandLine(pid, line);
            Wait.Status ended;
            try {
                ended = Wait.peek(pid);
            } catch (PosixException e) {
                return; // reaped by the kernel or other code, which the exit will report
            }
            if (ended != null) {
                new WrapperExit(spec, outside, file, wrappers).check(pid, ended, complaint);
                return;
            }
            long now = System.nanoTime();
            shown = length > 0 ? now : shown;
            if (length < 0 || length > 0 && !isWrapper(line, length) || now - shown > LONGEST_EMPTY_NANOS) {
                refuseShell(line, Math.max(0, length));
                return;
            }
            Threads.pause(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
        }
    }

    /** Throws if {@code execvp} of a wrapper has passed a file that the kernel cannot execute to a shell, as a script. */
    private void refuseShell(byte[] line, int length) {
        byte[] shell = CStrings.terminated(SHELL);
        byte[] script = CStrings.terminated(file);
        int both = shell.length + script.length;
        boolean shellHasIt = length >= both
                && Arrays.equals(line, 0, shell.length, shell, 0, shell.length)
                && Arrays.equals(line, shell.length, both, script, 0, script.length);
        if (shellHasIt && ProgramFile.isForeign(outside)) {
            throw WrapperExit.foreign(spec);
        }
    }

    private boolean isWrapper(byte[] line, int length) {
        return wrappers.stream().anyMatch(wrapper -> isCommandLine(line, length, wrapper.start()));
    }

    private boolean isCommandLine(byte[] line, int length, int start) {
        int at = 0;
        for (byte[] word : words.subList(start, words.size())) {
            if (at + word.length > length || !Arrays.equals(line, at, at + word.length, word, 0, word.length)) {
                return false;
            }
            at += word.length;
        }
        return at == length;
    }

    /**
     * Reads the command line of a process by one call, which returns that before or that after an execution; two calls could
     * return one half of each. Returns its length, 0 if the process has exited or is about to execute, or a negative errno, for
     * example if it is hidden because its program changes the user.
     */
    private static int readCommandLine(int pid, byte[] into) {
        int fd = Files.tryOpen("/proc/" + pid + "/cmdline", Files.O_RDONLY, 0);
        if (fd < 0) {
            return fd;
        }
        try {
            int n = Files.read(fd, into, into.length);
            return Errno.ESRCH.is(-n) ? 0 : n;
        } finally {
            Files.close(fd);
        }
    }
}

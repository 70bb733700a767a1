package org.processmanager.core.internal.launch.posix;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.program.ProgramFile;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PathText;
import org.processmanager.core.internal.posix.Wait;

/**
 * Distinguishes the exit of a wrapper that could not execute the next program from the exit of the program. The kernel keeps the
 * name of an exited process, but the program may have executed a tool of the same name: its exit counts as that of a wrapper
 * only if its status is one of a failed wrapper, and nothing shows that the wrapper had done its work.
 */
final class WrapperExit {
    /** The exit codes of a wrapper that failed itself, and of one that could not execute the next program. */
    private static final int FAILED = 125;

    private static final int NOT_EXECUTED = 126;
    private static final int NOT_FOUND = 127;

    private static final int LONGEST_NAME = 15;
    private static final String SHELL = "sh";

    /**
     * A wrapper.
     *
     * @param tool the name of its file
     * @param name the name that the kernel shows
     * @param start the index of its first word in the whole command line
     */
    record Wrapper(String tool, String name, int start) {}

    private final LaunchSpec spec;
    private final String outside;
    private final String file;
    private final List<Wrapper> wrappers;

    /**
     * @param outside the path of the program as seen from the working directory of this JVM
     * @param file the same as seen from the working directory of the child
     */
    WrapperExit(LaunchSpec spec, String outside, String file, List<Wrapper> wrappers) {
        this.spec = spec;
        this.outside = outside;
        this.file = file;
        this.wrappers = wrappers;
    }

    /**
     * Does nothing if the program was reached.
     *
     * @param pid an exited process that is not reaped
     * @param complaint returns its standard error so far, if it is known
     * @throws LaunchException if a wrapper failed
     */
    void check(int pid, Wait.Status ended, Supplier<String> complaint) {
        String name = name(pid);
        if (ended.exited() && ended.value() == 0 || name.equals(shortened(file.substring(file.lastIndexOf('/') + 1)))) {
            return;
        }
        if (name.equals(SHELL) && ProgramFile.isForeign(outside)) {
            throw foreign(spec);
        }
        for (Wrapper wrapper : wrappers) {
            if (wrapper.name.equals(name) && hasFailed(wrapper, pid, ended)) {
                String said = complaint.get();
                throw failure(wrapper.tool, ended, said.isEmpty() ? "" : "; it said: " + said);
            }
        }
    }

    private boolean hasFailed(Wrapper wrapper, int pid, Wait.Status ended) {
        boolean limits = !spec.limits().isEmpty();
        if (!ended.exited()) {
            return limits;
        }
        int code = ended.value();
        boolean executing = code == NOT_EXECUTED || code == NOT_FOUND;
        return switch (wrapper.tool) {
            case SHELL -> true; // only the barrier has its name
            case "prlimit" -> executing || !hasLimits(pid);
            case "setpriv" -> executing || code == 1;
            default ->
                (executing || code == FAILED) && (limits ? !hasLimits(pid) : !isLast(wrapper) || !canBeExecuted(code));
        };
    }

    private boolean isLast(Wrapper wrapper) {
        return wrapper.equals(wrappers.get(wrappers.size() - 1));
    }

    /** Returns whether the limits of an exited process are those that it was to get. */
    private boolean hasLimits(int pid) {
        String limits = Files.readText("/proc/" + pid + "/limits");
        return limits == null
                || spec.limits().entrySet().stream()
                        .allMatch(limit -> limit.getKey().isSet(limits, limit.getValue()));
    }

    private boolean canBeExecuted(int code) {
        try {
            ProgramFile.check(spec, outside);
            return !ProgramFile.isForeign(outside) && !(code == NOT_EXECUTED && ExecChain.hasJustChanged(outside));
        } catch (LaunchException e) {
            return false;
        }
    }

    /** Returns the exception for a program that is not for this machine. */
    static LaunchException foreign(LaunchSpec spec) {
        return new LaunchException(
                LaunchException.Reason.NOT_EXECUTABLE,
                "cannot start " + spec.program() + ": " + Errno.describe(Errno.ENOEXEC.number()));
    }

    private LaunchException failure(String wrapper, Wait.Status ended, String said) {
        String what = "cannot start " + spec.program() + describe() + ": " + wrapper;
        if (!ended.exited()) {
            return new LaunchException(
                    LaunchException.Reason.LIMIT_REFUSED,
                    what + " was ended by signal " + ended.value()
                            + " on the way to it: are the limits too low for any program?" + said);
        }
        if (ended.value() == NOT_EXECUTED) {
            return new LaunchException(
                    LaunchException.Reason.NOT_EXECUTABLE,
                    what + " could not execute " + file + ": may that user, with these limits?" + said);
        }
        return switch (wrapper) {
            case "prlimit" ->
                new LaunchException(LaunchException.Reason.LIMIT_REFUSED, what + " could not set the limits" + said);
            case "setpriv" ->
                new LaunchException(
                        LaunchException.Reason.ATTRIBUTE_REFUSED,
                        what + " could not change to the user or its groups, or not find the program" + said,
                        null);
            default ->
                new LaunchException(
                        LaunchException.Reason.OTHER, what + " ended with exit code " + ended.value() + said, null);
        };
    }

    private String describe() {
        String user = spec.user();
        return user == null ? "" : " as user " + user;
    }

    private static String name(int pid) {
        String name = Files.readText("/proc/" + pid + "/comm");
        return name == null ? "" : name.stripTrailing();
    }

    /** Truncates a name as the kernel does. */
    private static String shortened(String name) {
        byte[] bytes = PathText.encode(name);
        return new String(bytes, 0, Math.min(bytes.length, LONGEST_NAME), StandardCharsets.ISO_8859_1);
    }
}

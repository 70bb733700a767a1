package org.processmanager.core.internal.launch.posix;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.internal.launch.io.PassedResources;
import org.processmanager.core.internal.launch.program.Environments;
import org.processmanager.core.internal.launch.program.Locales;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.PrivateFile;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.tree.Cgroup;
import org.processmanager.core.internal.util.Threads;

/**
 * The spawn of a process with attributes that {@code posix_spawn} does not have: limits, credentials, a control group, a
 * guardian, thread attributes. It ends when the process is known to execute its program.
 */
final class SpawnAttempt {
    private static final long LONGEST_BUSY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_BUSY_PAUSE_NANOS = 500_000;
    private static final long LONGEST_BUSY_PAUSE_NANOS = 50_000_000;
    private static final int NONE = -1;
    private static final int LONGEST_COMPLAINT = 512;

    private final LaunchSpec spec;
    private final String outside;
    private final String inside;
    private final Credentials credentials;
    private final Guardian guardian;
    private final @Nullable CgroupPlacement cgroup;
    private final StartBarrier barrier;
    private ExecChain chain;

    /**
     * Checks and prepares the attributes of a command.
     *
     * @param outside the program's file as seen from the working directory of this JVM
     * @param inside the same as seen from the working directory of the child
     * @throws LaunchException if an attribute is refused; then nothing is left behind
     */
    SpawnAttempt(LaunchSpec wanted, String outside, String inside, Guardian guardian) {
        this.outside = outside;
        this.inside = inside;
        this.guardian = guardian;
        credentials = Credentials.of(wanted);
        LimitChecks.check(wanted);
        spec = readable(wanted.withEnvironment(credentials.in(wanted.environment())));
        boolean guarded = spec.dieWithParent();
        chain = plan(guarded || spec.cgroup() != null && !CgroupPlacement.spawnsInGroup());
        if (guarded) {
            guardian.start();
        }
        cgroup = CgroupPlacement.open(spec);
        barrier = new StartBarrier(spec);
    }

    /** A JVM reads its arguments from a file, in the charset of its locale. */
    private static LaunchSpec readable(LaunchSpec spec) {
        PrivateFile arguments = spec.argumentFile();
        return arguments == null
                ? spec
                : Locales.readable(spec, Environments.inherited())
                        .withCommandLine(arguments.fill(spec.commandLine(), PassedResources.FILE));
    }

    private ExecChain plan(boolean behindBarrier) {
        return ExecChain.plan(spec, outside, inside, credentials, behindBarrier);
    }

    /** Returns the command that is launched. */
    LaunchSpec spec() {
        return spec;
    }

    @Nullable
    Cgroup cgroup() {
        return cgroup == null ? null : cgroup.cgroup();
    }

    /** Returns the action that must succeed before the process is reaped, or null. */
    @Nullable
    BooleanSupplier beforeReaping(int pid) {
        return spec.dieWithParent() ? () -> guardian.release(pid) : null;
    }

    /**
     * Spawns the process and returns its pid; once, and the caller owns the process.
     *
     * @throws LaunchException if it cannot be started; then nothing is left behind
     */
    int spawn(ChildDescriptors descriptors) {
        try {
            return spawnUntilReached(descriptors);
        } catch (PosixException e) {
            throw PosixLauncher.explain(spec, chain.isDirect() ? outside : chain.first(), e);
        } finally {
            barrier.close();
            if (cgroup != null) {
                cgroup.closeDirectory();
            }
        }
    }

    /** Retries while the program is being written, as {@link PosixLauncher#spawnUnlessBusy} does. */
    private int spawnUntilReached(ChildDescriptors descriptors) {
        long start = System.nanoTime();
        long pause = FIRST_BUSY_PAUSE_NANOS;
        while (true) {
            int pid = spawnOnce(descriptors);
            boolean reached = false;
            try {
                barrier.closeChildEnd();
                Integer niceness = spec.nice();
                if (niceness != null && spec.leadsSession()) {
                    Autogroup.renice(pid, niceness);
                }
                if (spec.dieWithParent()) {
                    guardian.guard(pid);
                }
                barrier.reached();
                if (cgroup != null) {
                    cgroup.take(pid);
                }
                barrier.pass();
                chain.awaitProgram(pid, () -> complaint(descriptors.parentFd(2)));
                reached = true;
                return pid;
            } catch (LaunchException e) {
                boolean busy = e.reason() == LaunchException.Reason.NOT_EXECUTABLE && chain.mayBeBusy();
                if (!busy || System.nanoTime() - start > LONGEST_BUSY_NANOS) {
                    throw e;
                }
            } finally {
                if (!reached) {
                    undo(pid);
                }
            }
            Threads.pause(pause);
            pause = Math.min(pause * 2, LONGEST_BUSY_PAUSE_NANOS);
        }
    }

    private int spawnOnce(ChildDescriptors descriptors) {
        if (cgroup != null && cgroup.needsBarrier() && !chain.isBehindBarrier()) {
            chain = plan(true);
        }
        if (chain.isBehindBarrier()) {
            barrier.open();
        }
        int[] childFds = descriptors.childFds();
        try (CStrings argv = chain.argv(childFds.length)) {
            return LauncherThread.spawn(
                    spec,
                    () -> PosixLauncher.spawnUnlessBusy(
                            spec,
                            chain.first(),
                            argv,
                            descriptors.environment(),
                            barrier.after(childFds),
                            cgroup == null ? NONE : cgroup.directory()));
        } catch (PosixException e) {
            if (cgroup == null || !cgroup.mayHaveRefused(e)) {
                throw e;
            }
            return spawnOnce(descriptors);
        }
    }

    /** Returns the unread content of the pipe of standard error, if there is one. */
    private static String complaint(int pipe) {
        byte[] bytes = new byte[LONGEST_COMPLAINT];
        int n = pipe < 0 ? 0 : Files.read(pipe, bytes, bytes.length);
        return n <= 0 ? "" : new String(bytes, 0, n, StandardCharsets.UTF_8).strip();
    }

    private void undo(int pid) {
        if (spec.dieWithParent()) {
            guardian.release(pid);
        }
        Wait.killAndReap(pid);
    }

    /** Cleans up after a failed attempt, whose process, if any, was reaped. */
    void abandon() {
        if (cgroup != null) {
            cgroup.abandon();
        }
    }
}

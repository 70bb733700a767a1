package org.processmanager.core.internal.launch.posix;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.Signal;
import org.processmanager.core.internal.launch.program.Environments;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.posix.Files;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.internal.util.Threads;

/** Brings one process into being: from {@code posix_spawn} until it is seen to have reached its program. */
final class SpawnAttempt {
    private static final long LONGEST_BUSY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FIRST_BUSY_PAUSE_NANOS = 500_000;
    private static final long LONGEST_BUSY_PAUSE_NANOS = 50_000_000;
    private static final int NONE = -1;
    private static final int JVM_GROUP = -1;
    private static final int OWN_GROUP = 0;
    private static final int LONGEST_COMPLAINT = 512;

    private final LaunchSpec spec;
    private final Function<Boolean, ExecChain> way;
    private final @Nullable CgroupPlacement group;
    private final Guardian guardian;
    private final ChildDescriptors descriptors;
    private final StartBarrier gate;
    private ExecChain route;

    /**
     * A birth to be.
     *
     * @param way plans the route, given whether it is to begin at a gate
     * @param route where it begins with
     */
    SpawnAttempt(
            LaunchSpec spec,
            Function<Boolean, ExecChain> way,
            ExecChain route,
            @Nullable CgroupPlacement group,
            Guardian guardian,
            ChildDescriptors descriptors) {
        this.spec = spec;
        this.way = way;
        this.route = route;
        this.group = group;
        this.guardian = guardian;
        this.descriptors = descriptors;
        gate = new StartBarrier(spec);
    }

    /**
     * The number of the process; once, and whoever is given it answers for it.
     *
     * @throws LaunchException if there is none; then nothing is left of it
     */
    int give() {
        try {
            return start();
        } catch (PosixException e) {
            throw PosixLauncher.explain(spec, route.isDirect() ? route.program() : route.first(), e);
        } finally {
            gate.close();
            if (group != null) {
                group.closeFolder();
            }
        }
    }

    /** If the program is busy, as in {@link #spawnUnlessBusy}, again. */
    private int start() {
        long start = System.nanoTime();
        long pause = FIRST_BUSY_PAUSE_NANOS;
        while (true) {
            int pid = spawn();
            boolean there = false;
            try {
                gate.closeChilds();
                if (spec.dieWithParent()) {
                    guardian.guard(pid);
                }
                gate.reached();
                if (group != null) {
                    group.take(pid);
                }
                gate.pass();
                route.awaitProgram(pid, this::complaint);
                there = true;
                return pid;
            } catch (LaunchException.NotExecutable e) {
                if (!route.mayBeBusy() || System.nanoTime() - start > LONGEST_BUSY_NANOS) {
                    throw e;
                }
            } finally {
                if (!there) {
                    guardian.release(pid);
                    undo(pid);
                }
            }
            Threads.pause(pause);
            pause = Math.min(pause * 2, LONGEST_BUSY_PAUSE_NANOS);
        }
    }

    private int spawn() {
        if (group != null && group.needsGate() && !route.isGated()) {
            route = way.apply(true);
        }
        if (route.isGated()) {
            gate.shut();
        }
        try {
            return LauncherThread.spawn(spec, this::spawnOnce);
        } catch (PosixException e) {
            if (group == null || !group.mayHaveRefused(e)) {
                throw e;
            }
            return spawn();
        }
    }

    private int spawnOnce() {
        Path directory = spec.directory();
        int[] childs = descriptors.childs();
        CStrings environment = Environments.block(descriptors.environment());
        try (CStrings argv = route.argv(childs.length)) {
            return spawnUnlessBusy(new Spawn.Request(
                    route.first(),
                    argv,
                    environment,
                    directory == null ? null : PosixLauncher.text(directory),
                    gate.after(childs),
                    spec.leadsSession(),
                    spec.leadsGroup() ? OWN_GROUP : JVM_GROUP,
                    group == null ? NONE : group.folder()));
        } finally {
            Environments.release(environment);
        }
    }

    /**
     * A program that was just written is "busy" while any process holds it open for writing, and a child that some other
     * thread is starting at this moment may, until it executes its program: that passes.
     */
    private static int spawnUnlessBusy(Spawn.Request request) {
        long start = System.nanoTime();
        long pause = FIRST_BUSY_PAUSE_NANOS;
        while (true) {
            try {
                return Spawn.spawn(request);
            } catch (PosixException e) {
                if (!e.is(Errno.ETXTBSY) || System.nanoTime() - start > LONGEST_BUSY_NANOS) {
                    throw e;
                }
            }
            Threads.pause(pause);
            pause = Math.min(pause * 2, LONGEST_BUSY_PAUSE_NANOS);
        }
    }

    /** What lies in the pipe of standard error, if there is one, when nobody has read from it yet. */
    private String complaint() {
        int pipe = descriptors.ours(2);
        byte[] bytes = new byte[LONGEST_COMPLAINT];
        int n = pipe < 0 ? 0 : Files.read(pipe, bytes, bytes.length);
        return n <= 0 ? "" : new String(bytes, 0, n, StandardCharsets.UTF_8).strip();
    }

    /** Ends a process that nobody will answer for. */
    static void undo(int pid) {
        Wait.kill(pid, Signal.KILL.number());
        boolean reaped = false;
        while (!reaped) {
            try {
                reaped = Wait.reap(pid) != null;
            } catch (PosixException e) {
                reaped = true; // by other code
            }
            if (!reaped) {
                Threads.pause(FIRST_BUSY_PAUSE_NANOS);
            }
        }
    }
}

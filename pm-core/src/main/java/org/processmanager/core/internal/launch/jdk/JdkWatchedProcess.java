package org.processmanager.core.internal.launch.jdk;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.processmanager.core.ExitStatus;
import org.processmanager.core.NotPermittedException;
import org.processmanager.core.OsProcess;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourceUsage;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.Signal;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.StopReport;
import org.processmanager.core.internal.launch.WatchedProcess;
import org.processmanager.core.internal.tree.Identities;
import org.processmanager.core.internal.tree.PortableTree;
import org.processmanager.core.internal.tree.ProcFs;
import org.processmanager.core.internal.tree.ProcUsage;
import org.processmanager.core.internal.tree.StopSteps;

/** A process that is not a child of this JVM, watched through its {@link ProcessHandle}, which polls for the exit. */
final class JdkWatchedProcess implements WatchedProcess {
    private final ProcessIdentity identity;
    private final ProcessHandle handle;
    private final CompletableFuture<ProcessHandle> exit;
    private final CompletableFuture<ExitStatus> ended;
    private volatile boolean released;

    private JdkWatchedProcess(ProcessIdentity identity, ProcessHandle handle) {
        this.identity = identity;
        this.handle = handle;
        exit = handle.onExit();
        ended = exit.thenApply(gone -> WatchedProcess.unknown(gone.pid()));
    }

    static WatchedProcess open(long pid, Optional<ProcessIdentity> wanted) {
        // The handle is created first: it keeps the start time and checks it again before it signals.
        ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
        ProcessIdentity identity = WatchedProcess.check(pid, Identities.of(pid), wanted);
        if (handle == null || PortableTree.isZombie(handle)) {
            throw WatchedProcess.missing(pid);
        }
        try {
            return new JdkWatchedProcess(identity, handle);
        } catch (OutOfMemoryError e) {
            throw new ResourcesExhaustedException(
                    "cannot adopt process " + pid + ": no thread can be created that waits for its end", e);
        }
    }

    @Override
    public ProcessIdentity identity() {
        return identity;
    }

    @Override
    public CompletableFuture<ExitStatus> ended() {
        return ended;
    }

    /** A zombie, which the JDK takes for alive, has exited; a process that it cannot read, which it takes for gone, has not. */
    @Override
    public boolean isAlive() {
        checkWatched();
        if (ended.isDone()) {
            return false;
        }
        return handle.isAlive() ? !PortableTree.isZombie(handle) : ProcFs.isUsable() && Identities.isAlive(identity);
    }

    @Override
    public boolean isSuspended() {
        return isAlive() && PortableTree.isSuspended(handle);
    }

    @Override
    public boolean signal(Signal signal) {
        if (!isAlive()) {
            return false;
        }
        boolean sent = PortableTree.send(handle, signal);
        if (!sent && isAlive()) {
            throw new NotPermittedException(
                    "cannot send " + signal + " to process " + identity.pid() + ": the system does not allow it", null);
        }
        return sent;
    }

    @Override
    public StopReport stop(StopPolicy policy, OsProcess process) {
        PortableTree.check(policy);
        return isAlive() ? new StopSteps(tree(), () -> false, () -> process).run(policy) : StopSteps.NOTHING_TO_DO;
    }

    @Override
    public List<ProcessIdentity> descendants() {
        return isAlive() ? tree().descendants() : List.of();
    }

    @Override
    public Optional<ResourceUsage> usage() {
        Optional<ResourceUsage> usage = ProcUsage.of(Math.toIntExact(identity.pid()));
        return isAlive() ? usage : Optional.empty();
    }

    @Override
    public boolean isReleased() {
        return released && (!ended.isDone() || ended.isCompletedExceptionally());
    }

    @Override
    public void release() {
        released = true;
        ended.cancel(false);
        exit.cancel(false);
    }

    private boolean mayLive() {
        try {
            return isAlive();
        } catch (ResourcesExhaustedException e) {
            return true;
        }
    }

    private PortableTree tree() {
        return new PortableTree(handle, identity.startTicks(), this::mayLive, () -> {});
    }
}

package org.processmanager.core.supervise;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.core.Command;
import org.processmanager.core.thread.CancellableTask;

/**
 * How one process or thread is supervised. An immutable value; the default is {@link Restart#onFailure()} and no dependency.
 */
@CheckReturnValue
public final class ChildSpec {
    private final String name;
    private final @Nullable Command command;
    private final @Nullable CancellableTask task;
    private final Restart restart;
    private final Set<String> dependencies;
    private final @Nullable Health health;

    ChildSpec(String name, @Nullable Command command, @Nullable CancellableTask task) {
        this(name, command, task, Restart.onFailure(), Set.of(), null);
    }

    private ChildSpec(
            String name,
            @Nullable Command command,
            @Nullable CancellableTask task,
            Restart restart,
            Set<String> dependencies,
            @Nullable Health health) {
        this.name = name;
        this.command = command;
        this.task = task;
        this.restart = restart;
        this.dependencies = dependencies;
        this.health = health;
    }

    /**
     * Returns a copy that is started again at other times.
     *
     * @param restart when
     * @return the copy
     */
    public ChildSpec restart(Restart restart) {
        return new ChildSpec(name, command, task, Objects.requireNonNull(restart, "restart"), dependencies, health);
    }

    /**
     * Returns a copy that is started only while other children are ready or have completed with success, and stopped before
     * them.
     *
     * @param names their names, in addition to those that were given; they may be added to the supervisor later
     * @return the copy
     */
    public ChildSpec dependsOn(String... names) {
        Set<String> all = new LinkedHashSet<>(dependencies);
        for (String each : Objects.requireNonNull(names, "names")) {
            all.add(Objects.requireNonNull(each, "names"));
        }
        return new ChildSpec(name, command, task, restart, all, health);
    }

    /**
     * Returns a copy that is checked while it runs.
     *
     * @param health the checks
     * @return the copy
     * @throws IllegalStateException if it is a thread
     */
    public ChildSpec health(Health health) {
        Objects.requireNonNull(health, "health");
        if (command == null) {
            throw new IllegalStateException("the thread " + name + " cannot be checked: probes check processes");
        }
        return new ChildSpec(name, command, task, restart, dependencies, health);
    }

    /**
     * Returns the name.
     *
     * @return the name, unique in its supervisor
     */
    public String name() {
        return name;
    }

    Optional<Command> command() {
        return Optional.ofNullable(command);
    }

    Optional<CancellableTask> task() {
        return Optional.ofNullable(task);
    }

    Restart restart() {
        return restart;
    }

    Set<String> dependencies() {
        return dependencies;
    }

    Optional<Health> health() {
        return Optional.ofNullable(health);
    }
}

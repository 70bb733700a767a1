package org.processmanager.core.supervise;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.core.Command;
import org.processmanager.core.registry.ProcessRegistry;
import org.processmanager.core.thread.CancellableTask;

/**
 * How one process or thread is supervised. An immutable value; the default is {@link Restart#onFailure()} and no dependency.
 */
@CheckReturnValue
public final class ChildSpec {
    private final String name;
    private final @Nullable Command command;
    private final @Nullable CancellableTask task;
    private final @Nullable ProcessRegistry registry;
    private final Restart restart;
    private final Set<String> dependencies;
    private final @Nullable Health health;

    ChildSpec(String name, @Nullable Command command, @Nullable CancellableTask task) {
        this(name, command, task, null, Restart.onFailure(), Set.of(), null);
    }

    private ChildSpec(
            String name,
            @Nullable Command command,
            @Nullable CancellableTask task,
            @Nullable ProcessRegistry registry,
            Restart restart,
            Set<String> dependencies,
            @Nullable Health health) {
        this.name = name;
        this.command = command;
        this.task = task;
        this.registry = registry;
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
        return new ChildSpec(
                name, command, task, registry, Objects.requireNonNull(restart, "restart"), dependencies, health);
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
        return new ChildSpec(name, command, task, registry, restart, all, health);
    }

    /**
     * Returns a copy that is checked while it runs.
     *
     * @param health the checks
     * @return the copy
     * @throws IllegalStateException if it is a thread or detached
     */
    public ChildSpec health(Health health) {
        Objects.requireNonNull(health, "health");
        if (command == null) {
            throw new IllegalStateException("the thread " + name + " cannot be checked: probes check processes");
        }
        return checked(new ChildSpec(name, command, task, registry, restart, dependencies, health));
    }

    /**
     * Returns a copy whose process survives this JVM if that is killed, and is adopted by the next supervisor that has this
     * child: a process of that name in the registry with the same program and arguments is not started a second time.
     *
     * <p>It has what a {@linkplain ProcessRegistry#detached detached process} has: a session of its own, a log in place of
     * streams, a record of its exit. One that is over is started again. Stopping or closing the supervisor, and the orderly
     * shutdown of the JVM, stop it as any other child; it can also be stopped by name, which is no failure. Its start fails
     * while the name is that of a running process with another command.
     *
     * @param registry where it is found again under the name of the child
     * @return the copy
     * @throws IllegalArgumentException if the name is not one for the registry, or the command has an attribute that a detached
     *     process cannot have, such as {@link Command#dieWithParent} or a standard stream: see {@link ProcessRegistry#detached}
     * @throws IllegalStateException if it is a thread or has {@link #health} checks
     */
    public ChildSpec detached(ProcessRegistry registry) {
        Objects.requireNonNull(registry, "registry");
        if (command == null) {
            throw new IllegalStateException("the thread " + name + " cannot be detached: it ends with this JVM");
        }
        var unused = registry.detached(command).name(name); // refuses what cannot be combined
        return checked(new ChildSpec(name, command, task, registry, restart, dependencies, health));
    }

    private static ChildSpec checked(ChildSpec child) {
        if (child.registry != null && child.health != null) {
            throw new IllegalStateException("the detached process " + child.name
                    + " cannot be checked: probes check processes that this JVM started");
        }
        return child;
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

    /** Returns the registry of a detached process. */
    Optional<ProcessRegistry> registry() {
        return Optional.ofNullable(registry);
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

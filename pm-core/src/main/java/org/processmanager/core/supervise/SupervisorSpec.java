package org.processmanager.core.supervise;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.thread.CancellableTask;
import org.processmanager.core.thread.ManagedThreads;

/**
 * The children of a supervisor and how they are treated: an immutable value whose methods return changed copies.
 *
 * <pre>{@code
 * Supervisor supervisor = pm.supervisor()
 *         .child("db", database.ready(Ready.port(5432), Duration.ofSeconds(30)))
 *         .child("web", web, child -> child.dependsOn("db")
 *                 .restart(Restart.always().backOff(Duration.ofMillis(200), Duration.ofSeconds(10))))
 *         .start();
 * }</pre>
 */
public final class SupervisorSpec {
    private final ProcessManager manager;
    private final Strategy strategy;
    private final Map<String, ChildSpec> children;

    private SupervisorSpec(ProcessManager manager, Strategy strategy, Map<String, ChildSpec> children) {
        this.manager = manager;
        this.strategy = strategy;
        this.children = children;
    }

    /**
     * Returns a supervisor without children, as {@link ProcessManager#supervisor()} does.
     *
     * @param manager starts the processes
     * @return the value
     */
    @CheckReturnValue
    public static SupervisorSpec on(ProcessManager manager) {
        return new SupervisorSpec(Objects.requireNonNull(manager, "manager"), Strategy.ONE_FOR_ONE, Map.of());
    }

    /**
     * Returns a copy that starts other children together with one again than {@link Strategy#ONE_FOR_ONE}.
     *
     * @param strategy which ones
     * @return the copy
     */
    @CheckReturnValue
    public SupervisorSpec strategy(Strategy strategy) {
        return new SupervisorSpec(manager, Objects.requireNonNull(strategy, "strategy"), children);
    }

    /**
     * Returns a copy with one more process, started again on failure: see {@link #child(String, Command, UnaryOperator)}.
     *
     * @param name its name, unique in this supervisor
     * @param command what is started
     * @return the copy
     * @throws IllegalArgumentException if the name is blank or in use
     */
    @CheckReturnValue
    public SupervisorSpec child(String name, Command command) {
        return child(name, command, UnaryOperator.identity());
    }

    /**
     * Returns a copy with one more process. It runs on this supervisor's manager, under the child's name, and
     * {@linkplain Command#dieWithParent() dies with this JVM}; on the portable path, which cannot do that, it survives a JVM
     * that is killed. It is {@link org.processmanager.core.event.ChildState#RUNNING} when it is
     * {@linkplain Command#ready ready}.
     *
     * @param name its name, unique in this supervisor
     * @param command what is started
     * @param change changes how it is supervised, as {@code child -> child.restart(Restart.always())}
     * @return the copy
     * @throws IllegalArgumentException if the name is blank or in use
     */
    @CheckReturnValue
    public SupervisorSpec child(String name, Command command, UnaryOperator<ChildSpec> change) {
        Objects.requireNonNull(name, "name");
        Command named = Objects.requireNonNull(command, "command").name(name).on(manager);
        return with(new ChildSpec(name, named, null), Objects.requireNonNull(change, "change"));
    }

    /**
     * Returns a copy with one more thread, started again on failure: see
     * {@link #thread(String, CancellableTask, UnaryOperator)}.
     *
     * @param name its name, unique in this supervisor, at most 128 characters
     * @param task what it runs
     * @return the copy
     * @throws IllegalArgumentException if the name is blank, too long or in use
     */
    @CheckReturnValue
    public SupervisorSpec thread(String name, CancellableTask task) {
        return thread(name, task, UnaryOperator.identity());
    }

    /**
     * Returns a copy with one more thread, which is ready as soon as it has started. It is stopped by cancellation; one that
     * has not terminated after five seconds is left running.
     *
     * @param name its name, unique in this supervisor, at most 128 characters
     * @param task what it runs; it has failed if it throws
     * @param change changes how it is supervised
     * @return the copy
     * @throws IllegalArgumentException if the name is blank, too long or in use
     */
    @CheckReturnValue
    public SupervisorSpec thread(String name, CancellableTask task, UnaryOperator<ChildSpec> change) {
        Objects.requireNonNull(task, "task");
        if (Objects.requireNonNull(name, "name").length() > ManagedThreads.MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("name: " + name.length() + " characters (expected: at most "
                    + ManagedThreads.MAX_NAME_LENGTH + ")");
        }
        return with(new ChildSpec(name, null, task), Objects.requireNonNull(change, "change"));
    }

    private SupervisorSpec with(ChildSpec initial, UnaryOperator<ChildSpec> change) {
        String name = initial.name();
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: \"" + name + "\" (expected: not blank)");
        }
        if (children.containsKey(name)) {
            throw new IllegalArgumentException("name: \"" + name + "\" is in use by another child (in use: "
                    + String.join(", ", children.keySet()) + ")");
        }
        ChildSpec child = Objects.requireNonNull(change.apply(initial), "change gave null (expected: a child)");
        if (!child.name().equals(name)) {
            throw new IllegalArgumentException("change gave the child " + child.name() + " (expected: " + name + ")");
        }
        Map<String, ChildSpec> more = new LinkedHashMap<>(children);
        more.put(name, child);
        return new SupervisorSpec(manager, strategy, more);
    }

    /**
     * Starts the supervisor and returns at once; its children are started one after another, each when those that it depends on
     * are ready. Otherwise the order is that in which they were added.
     *
     * @return the supervisor, which the manager stops when it is closed
     * @throws IllegalArgumentException if a child depends on one that does not exist or, directly or indirectly, on itself
     * @throws IllegalStateException if the manager is closed
     */
    public Supervisor start() {
        Supervisor supervisor = new Supervisor(manager, strategy, ordered());
        supervisor.begin();
        return supervisor;
    }

    /** Returns the children so that each comes after those that it depends on. */
    private List<ChildSpec> ordered() {
        List<ChildSpec> ordered = new ArrayList<>();
        for (ChildSpec child : children.values()) {
            append(child, List.of(), ordered);
        }
        return ordered;
    }

    private void append(ChildSpec child, List<String> dependents, List<ChildSpec> ordered) {
        if (ordered.contains(child)) {
            return;
        }
        List<String> path = new ArrayList<>(dependents);
        path.add(child.name());
        if (dependents.contains(child.name())) {
            String cycle = String.join(" -> ", path.subList(path.indexOf(child.name()), path.size()));
            throw new IllegalArgumentException("children depend on each other: " + cycle
                    + " (expected: no cycle; remove one of these dependencies)");
        }
        for (String name : child.dependencies()) {
            ChildSpec dependency = Optional.ofNullable(children.get(name))
                    .orElseThrow(() -> new IllegalArgumentException(child.name() + " depends on \"" + name
                            + "\", which does not exist (expected: one of " + String.join(", ", children.keySet())
                            + ")"));
            append(dependency, path, ordered);
        }
        ordered.add(child);
    }
}

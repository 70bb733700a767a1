package org.processmanager.core;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.processmanager.core.internal.launch.io.PassedResources;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchAttributes;
import org.processmanager.core.internal.launch.spec.Placement;
import org.processmanager.core.internal.launch.spec.Ties;
import org.processmanager.core.internal.manager.CommandChecks;

/**
 * The part of a {@link Command} that says where and as what its process runs: directory, environment, what is handed over,
 * limits, priorities, users, groups, session. The rest is the program, its streams and its end.
 */
abstract sealed class PlacedCommand permits Command {
    /** Not changed any more. */
    final CommandDraft draft;

    PlacedCommand(CommandDraft draft) {
        this.draft = draft;
    }

    interface Change {
        void apply(CommandDraft draft);
    }

    abstract Command with(Change change);

    private Command withAttributes(LaunchAttributes changed) {
        return with(draft -> draft.attributes = changed);
    }

    /**
     * A copy with another working directory than the JVM's. It is looked at when the program is started.
     *
     * @param directory the directory; a relative one starts from the JVM's
     * @return the copy
     */
    public Command directory(Path directory) {
        Objects.requireNonNull(directory, "directory");
        return with(draft -> draft.directory = directory);
    }

    /**
     * A copy with an environment variable more, or with another value.
     *
     * @param key its name; anything but {@code =}
     * @param value its value
     * @return the copy
     * @throws IllegalArgumentException if the name is empty or holds {@code =}, or a NUL character stands anywhere
     */
    public Command env(String key, String value) {
        EnvironmentSpec changed = draft.environment.with(
                CommandChecks.key(key),
                CommandChecks.passable("value of " + key, Objects.requireNonNull(value, "value")));
        return with(draft -> draft.environment = changed);
    }

    /**
     * A copy without an environment variable.
     *
     * @param key its name
     * @return the copy
     * @throws IllegalArgumentException as for {@link Command#env}
     */
    public Command withoutEnv(String key) {
        EnvironmentSpec changed = draft.environment.without(CommandChecks.key(key));
        return with(draft -> draft.environment = changed);
    }

    /**
     * A copy with an empty environment, to be filled by {@link Command#env}. The program is then looked for in {@code /bin} and
     * {@code /usr/bin}, unless {@code PATH} is set.
     *
     * @return the copy
     */
    public Command clearEnv() {
        return with(draft -> draft.environment = draft.environment.clear());
    }

    /**
     * A copy that hands a resource over to its child, which finds it announced in its environment: see {@link Inheritable}.
     * It is opened anew at each launch.
     *
     * @param name by which the child asks for it; case does not matter; an earlier one by that name is replaced
     * @param resource what is handed over
     * @return the copy
     * @throws IllegalArgumentException if the name is not a letter followed by up to 99 letters, digits and {@code _}
     */
    public Command pass(String name, Inheritable resource) {
        Ties changed = draft.ties.with(PassedResources.variable(name), Objects.requireNonNull(resource, "resource"));
        return with(draft -> draft.ties = changed);
    }

    /**
     * A copy whose process ends with this JVM, in whatever way that ends: also if it is killed, or crashes. (When the JVM
     * ends in order, every process is {@linkplain ProcessManager stopped}, with or without this.) The process gets a session
     * of its own, also if it inherits a stream, and within a moment of the JVM's end KILL is sent to everything in it.
     *
     * <p>Out of reach: a descendant that made a session of its own, and what a process left behind that had ended before. A
     * small shell of the manager's does this; it is there from the first such launch until the manager is closed.
     *
     * @return the copy; the portable path refuses to start it
     */
    public Command dieWithParent() {
        return with(draft -> draft.ties = draft.ties.withDeath());
    }

    /**
     * A copy with other limits for what the program and all that it starts may take. The limits that the command has so far
     * are what the change starts from. Needs {@code prlimit} of util-linux.
     *
     * @param change as {@code l -> l.openFiles(256).memory(2L << 30)}
     * @return the copy
     * @throws IllegalArgumentException if a limit is out of range
     */
    public Command limits(UnaryOperator<ResourceLimits> change) {
        Objects.requireNonNull(change, "change");
        ResourceLimits limits = change.apply(new ResourceLimits(draft.attributes.limits()));
        Objects.requireNonNull(limits, "change gave null (expected: limits)");
        return withAttributes(draft.attributes.withLimits(limits.ranges()));
    }

    /**
     * A copy with another file mode creation mask than the JVM's.
     *
     * @param mask the permissions that new files do not get, as 0027
     * @return the copy
     * @throws IllegalArgumentException if it is not between 0 and 0777
     */
    public Command umask(int mask) {
        CommandChecks.umask(mask);
        return withAttributes(draft.attributes.withUmask(mask));
    }

    /**
     * A copy with another niceness than the JVM's. One that is lower needs CAP_SYS_NICE or a limit
     * ({@link ResourceLimits#niceness}) that allows it; else the launch is refused.
     *
     * @param niceness from -20, which is served first, to 19
     * @return the copy
     * @throws IllegalArgumentException if it is out of range
     */
    public Command nice(int niceness) {
        CommandChecks.niceness(niceness);
        return withAttributes(draft.attributes.withNice(niceness));
    }

    /**
     * A copy with another priority for disks than the JVM's.
     *
     * @param priority class and level
     * @return the copy
     */
    public Command ioNice(IoPriority priority) {
        Objects.requireNonNull(priority, "priority");
        return withAttributes(draft.attributes.withIoPriority(priority));
    }

    /**
     * A copy that runs on these processors alone. The launch is refused if one of them is missing or not allowed here.
     *
     * @param cpus their numbers, from 0
     * @return the copy
     * @throws IllegalArgumentException if there is none, or one is not between 0 and 4095
     */
    public Command affinity(int... cpus) {
        CommandChecks.cpus(cpus);
        return withAttributes(draft.attributes.withCpus(cpus));
    }

    /**
     * A copy that runs as another user. Unless {@link #group} and {@link #supplementaryGroups} say otherwise, the groups are
     * those of that user. {@code HOME}, {@code USER}, {@code LOGNAME} and {@code SHELL} become those of the user, except
     * those that {@link Command#env} or {@link Command#withoutEnv} names and after {@link Command#clearEnv}; all other variables stay. The program
     * is looked for, and must be executable, before the change. Needs the privileges of the superuser (CAP_SETUID and
     * CAP_SETGID) and {@code setpriv} of util-linux.
     *
     * @param user a name, or a number in digits; one that no user has needs {@link #group} as well
     * @return the copy
     * @throws IllegalArgumentException if it is empty, or a NUL character stands in it
     */
    public Command user(String user) {
        return withAttributes(draft.attributes.withUser(CommandChecks.account("user", user)));
    }

    /**
     * A copy that runs in another group than the user's own. The supplementary groups stay what they were, unless
     * {@link #user} or {@link #supplementaryGroups} changes them. Needs CAP_SETGID and {@code setpriv} of util-linux.
     *
     * @param group a name, or a number in digits
     * @return the copy
     * @throws IllegalArgumentException if it is empty, or a NUL character stands in it
     */
    public Command group(String group) {
        return withAttributes(draft.attributes.withGroup(CommandChecks.account("group", group)));
    }

    /**
     * A copy with these supplementary groups and no others. Needs CAP_SETGID and {@code setpriv} of util-linux.
     *
     * @param groups a name, or a number in digits, each; with nothing there are none
     * @return the copy
     * @throws IllegalArgumentException if one is empty, or a NUL character stands in it
     */
    public Command supplementaryGroups(String... groups) {
        List<String> checked = Arrays.stream(Objects.requireNonNull(groups, "groups"))
                .map(group -> CommandChecks.account("groups", group))
                .toList();
        return withAttributes(draft.attributes.withSupplementaryGroups(checked));
    }

    /**
     * A copy that runs in a control group (cgroup v2). If there is no such folder it is made for this process, in one that
     * is there, and removed with its last member. Everything in it belongs to the process then: stopping the process ends
     * all members, also those that no walk along parents and sessions would find, and what the kernel ends for want of
     * memory has the cause {@link EndReason#OUT_OF_MEMORY}, where the memory controller is on. Therefore give a folder that is
     * there already to one process at a time; one with this JVM in it is refused.
     *
     * <p>If this JVM is killed, a folder that it made stays, also where the process {@linkplain Command#dieWithParent dies
     * with it}: nobody is left to remove it. It takes no memory to speak of; the next launch by that name uses it and leaves
     * it there, and {@code rmdir} removes it once nobody is in it.
     *
     * @param folder below the place where cgroup v2 is mounted; a relative one starts from there
     * @return the copy
     */
    public Command cgroup(Path folder) {
        Objects.requireNonNull(folder, "folder");
        return withAttributes(draft.attributes.withCgroup(folder));
    }

    /**
     * A copy that runs in a process group of its own in the JVM's session. At a terminal it is then in the background:
     * reading from the terminal halts it. Without this and {@link #newSession} a process has a session of its own, or, if
     * it inherits a standard stream, the JVM's group.
     *
     * @return the copy
     */
    public Command processGroup() {
        return withAttributes(draft.attributes.withPlacement(Placement.OWN_GROUP));
    }

    /**
     * A copy that runs in a session of its own, without a controlling terminal, also if it inherits a standard stream.
     *
     * @return the copy
     */
    public Command newSession() {
        return withAttributes(draft.attributes.withPlacement(Placement.OWN_SESSION));
    }
}

package org.processmanager.core;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.internal.launch.io.PassedResources;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.Placement;
import org.processmanager.core.internal.manager.CommandAccess;
import org.processmanager.core.internal.manager.CommandChecks;
import org.processmanager.core.internal.posix.PathText;

/**
 * The attributes of a {@link Command} that its process has from the start: directory, environment, inherited resources,
 * limits, priorities, user, groups, session; its name, charset, listener and stop policy; and how long its streams are read
 * after its exit. A command is created by {@link Command#of(String, String...)}; the program, its streams and its end are
 * described there.
 */
@CheckReturnValue
public abstract sealed class CommandAttributes permits Command {
    static {
        CommandAccess.set(new CommandAccess() {
            @Override
            public LaunchSpec specOf(Command command) {
                return command.spec;
            }

            @Override
            public Map<String, String> readinessOf(Command command) {
                return command.readiness == null ? Map.of() : command.readiness.stored();
            }

            @Override
            public Command create(LaunchSpec spec, ProcessManager manager) {
                return new Command(spec, manager);
            }
        });
    }

    final LaunchSpec spec;

    CommandAttributes(LaunchSpec spec) {
        this.spec = spec;
    }

    abstract Command with(LaunchSpec changed);

    /**
     * Returns a copy with a name for messages and threads; the default is the program's file name.
     *
     * @param name the name
     * @return the copy
     */
    public Command name(String name) {
        return with(spec.withName(Objects.requireNonNull(name, "name")));
    }

    /**
     * Returns a copy that reads and writes text in another charset than the system's own.
     *
     * @param charset for {@link Input#of(String)}, {@link ProcessResult#stdoutText()} and {@link Output#lines}; an output
     *     can have {@linkplain Output#charset one of its own}
     * @return the copy
     */
    public Command charset(Charset charset) {
        return with(spec.withCharset(Objects.requireNonNull(charset, "charset")));
    }

    /**
     * Returns a copy with a listener for its own events: its start, failed start and end. It is notified like those that are
     * {@linkplain ProcessManager#addListener added} to the manager.
     *
     * @param listener replaces the one that the command had
     * @return the copy
     */
    public Command listener(EventListener listener) {
        return with(spec.withListener(Objects.requireNonNull(listener, "listener")));
    }

    /**
     * Returns a copy that is stopped by another policy than {@link StopPolicy#defaults()}.
     *
     * @param policy its steps
     * @return the copy
     */
    public Command stopPolicy(StopPolicy policy) {
        return with(spec.withStopPolicy(Objects.requireNonNull(policy, "policy")));
    }

    /**
     * Returns a copy with another working directory than the JVM's. It is checked when the program is started. The
     * environment variable {@code PWD} names it, unless it is set or removed for this command, or all are.
     *
     * @param directory the directory; a relative one is relative to the JVM's
     * @return the copy
     */
    public Command directory(Path directory) {
        return with(spec.withDirectory(PathText.check("directory", directory)));
    }

    /**
     * Returns a copy with another working directory than the JVM's.
     *
     * @param directory the directory; a relative one is relative to the JVM's
     * @return the copy
     * @throws java.nio.file.InvalidPathException if it cannot be the name of a file
     */
    public Command directory(String directory) {
        return directory(Path.of(Objects.requireNonNull(directory, "directory")));
    }

    /**
     * Returns a copy with an environment variable added or changed.
     *
     * @param key its name; anything but {@code =}
     * @param value its value
     * @return the copy
     * @throws IllegalArgumentException if the name is empty or contains {@code =}, or there is a NUL character in either
     */
    public Command env(String key, String value) {
        return with(spec.withEnvironment(spec.environment()
                .with(
                        CommandChecks.key(key),
                        CommandChecks.passable("value of " + key, Objects.requireNonNull(value, "value")))));
    }

    /**
     * Returns a copy with environment variables added or changed.
     *
     * @param variables values by names
     * @return the copy
     * @throws IllegalArgumentException if a name is empty or contains {@code =}, or there is a NUL character in any of them
     */
    public Command env(Map<String, String> variables) {
        EnvironmentSpec changed = spec.environment();
        for (Map.Entry<String, String> variable :
                Objects.requireNonNull(variables, "variables").entrySet()) {
            String key = CommandChecks.key(variable.getKey());
            String value = Objects.requireNonNull(variable.getValue(), "value");
            changed = changed.with(key, CommandChecks.passable("value of " + key, value));
        }
        return with(spec.withEnvironment(changed));
    }

    /**
     * Returns a copy without an environment variable.
     *
     * @param key its name
     * @return the copy
     * @throws IllegalArgumentException as for {@link Command#env(String, String)}
     */
    public Command withoutEnv(String key) {
        return with(spec.withEnvironment(spec.environment().without(CommandChecks.key(key))));
    }

    /**
     * Returns a copy with an empty environment, to be filled by {@link Command#env(String, String)}. The program is then
     * looked up in {@code /bin} and {@code /usr/bin}, unless {@code PATH} is set.
     *
     * @return the copy
     */
    public Command clearEnv() {
        return with(spec.withEnvironment(spec.environment().clear()));
    }

    /**
     * Returns a copy whose program sees another name as its own ({@code argv[0]}) than the one it was started by. Programs
     * like busybox choose by it what to do; a login shell has one that begins with a hyphen.
     *
     * @param name the name
     * @return the copy; it cannot be combined with attributes for which another program executes this one, nor started on
     *     the portable path
     * @throws IllegalArgumentException if there is a NUL character in it
     */
    public Command argv0(String name) {
        return with(spec.withArgv0(CommandChecks.passable("name", Objects.requireNonNull(name, "name"))));
    }

    /**
     * Returns a copy that passes a resource to its child, which finds it in its environment: see {@link Inheritable}. It is
     * opened anew at each launch.
     *
     * @param name by which the child asks for it, ignoring case; an earlier resource of that name is replaced
     * @param resource what is passed
     * @return the copy
     * @throws IllegalArgumentException if the name is not a letter followed by up to 99 letters, digits and {@code _}
     */
    public Command pass(String name, Inheritable resource) {
        return with(spec.withResource(PassedResources.variable(name), Objects.requireNonNull(resource, "resource")));
    }

    /**
     * Returns a copy whose process does not survive this JVM, even if the JVM is killed or crashes. (When the JVM shuts down in
     * an orderly way, every process is {@linkplain ProcessManager stopped}, with or without this.) The process gets a session
     * of its own, even if it inherits a stream, and shortly after the termination of the JVM, KILL is sent to all processes of
     * the session.
     *
     * <p>Not found: a descendant that created a session of its own, and processes whose session leader had exited
     * before. A small shell owned by the manager does this; it runs from the first such launch until the manager is closed.
     *
     * @return the copy; the portable path refuses to start it
     */
    public Command dieWithParent() {
        return with(spec.withDieWithParent());
    }

    /**
     * Returns a copy with another grace for its streams than 250 ms. A stream that this JVM reads stays open after the exit if
     * a process that the program left behind has inherited it. It is then read until no data has come for this time, in
     * total at most eight times as long, and closed: what is written later is lost, {@link ProcessResult#streamsIncomplete()}
     * is true, {@link ProcessResult#pipeHolders()} names the processes, and a warning is logged. What the program itself wrote
     * before its exit is always read. The {@linkplain Command#timeout timeout} bounds this wait, too.
     *
     * @param grace zero to read only what has been written by the exit
     * @return the copy
     * @throws IllegalArgumentException if it is negative
     */
    public Command streamGrace(Duration grace) {
        return with(spec.withTimes(spec.timeout(), CommandChecks.notNegative("grace", grace)));
    }

    /**
     * Returns a copy whose streams are read to their end: the result is complete when all processes that inherited them have
     * closed them, however long that takes, or the {@linkplain Command#timeout timeout} is over.
     *
     * @return the copy
     */
    public Command awaitEndOfStreams() {
        return streamGrace(ChronoUnit.FOREVER.getDuration());
    }

    /**
     * Returns a copy with other resource limits for the program and all that it starts. Needs {@code prlimit} of util-linux.
     *
     * <p>Other limits are those of the JVM, except one: a JVM raises its soft limit of open files to the hard one when it
     * starts. If the parent of the JVM still has the former limit, and the JVM has fewer files open, programs get that one (not
     * on the portable path); otherwise they get the raised one, as from {@link ProcessBuilder}.
     *
     * @param change changes the limits that the command has so far, as {@code l -> l.openFiles(256).memory(2L << 30)}
     * @return the copy
     * @throws IllegalArgumentException if a limit is out of range
     */
    public Command limits(UnaryOperator<ResourceLimits> change) {
        Objects.requireNonNull(change, "change");
        ResourceLimits limits = change.apply(new ResourceLimits(spec.limits()));
        return with(spec.withLimits(Objects.requireNonNull(limits, "change gave null (expected: limits)")
                .ranges()));
    }

    /**
     * Returns a copy with another file mode creation mask than the JVM's. Where a container refuses {@code unshare}, a shell
     * sets it, and cannot be combined with {@link Command#argv0}.
     *
     * @param mask the permissions that new files do not get, as 0027
     * @return the copy
     * @throws IllegalArgumentException if it is not between 0 and 0777
     */
    public Command umask(int mask) {
        return with(spec.withThreadAttributes(CommandChecks.umask(mask), spec.nice(), spec.ioPriority(), spec.cpus()));
    }

    /**
     * Returns a copy with another niceness than the JVM's. A lower one needs CAP_SYS_NICE or a limit
     * ({@link ResourceLimits#niceness}) that allows it; otherwise the launch is refused.
     *
     * <p>Where the kernel shares processors among sessions first ({@code sched_autogroup}, the default of most distributions),
     * the session that the process leads gets the same niceness, soon after the start if many are started at once.
     *
     * @param niceness from -20, which is served first, to 19
     * @return the copy
     * @throws IllegalArgumentException if it is out of range
     */
    public Command nice(int niceness) {
        return with(spec.withThreadAttributes(
                spec.umask(), CommandChecks.niceness(niceness), spec.ioPriority(), spec.cpus()));
    }

    /**
     * Returns a copy with another I/O priority than the JVM's.
     *
     * @param priority class and level
     * @return the copy
     */
    public Command ioNice(IoPriority priority) {
        return with(spec.withThreadAttributes(
                spec.umask(), spec.nice(), Objects.requireNonNull(priority, "priority"), spec.cpus()));
    }

    /**
     * Returns a copy that runs on these processors alone. The launch is refused if one of them does not exist or is not
     * allowed here.
     *
     * @param cpus their numbers, from 0
     * @return the copy
     * @throws IllegalArgumentException if there is none, or one is not between 0 and 4095
     */
    public Command affinity(int... cpus) {
        return with(spec.withThreadAttributes(spec.umask(), spec.nice(), spec.ioPriority(), CommandChecks.cpus(cpus)));
    }

    /**
     * Returns a copy that runs as another user. Unless {@link #group} and {@link #supplementaryGroups} say otherwise, the
     * groups are those of that user. {@code HOME}, {@code USER}, {@code LOGNAME} and {@code SHELL} become those of the user,
     * except those named by {@link Command#env(String, String)} or {@link Command#withoutEnv} and after
     * {@link Command#clearEnv}; other variables are unchanged. The program is looked up, and must be executable, before the
     * change. Needs CAP_SETUID, CAP_SETGID and {@code setpriv} of util-linux.
     *
     * @param user a name, or a number in digits; a number without a user needs {@link #group} as well
     * @return the copy
     * @throws IllegalArgumentException if it is empty, or there is a NUL character in it
     */
    public Command user(String user) {
        return with(
                spec.withCredentials(CommandChecks.account("user", user), spec.group(), spec.supplementaryGroups()));
    }

    /**
     * Returns a copy that runs in another group than the user's own. The supplementary groups are unchanged, unless
     * {@link #user} or {@link #supplementaryGroups} changes them. Needs CAP_SETGID and {@code setpriv} of util-linux.
     *
     * @param group a name, or a number in digits
     * @return the copy
     * @throws IllegalArgumentException if it is empty, or there is a NUL character in it
     */
    public Command group(String group) {
        return with(
                spec.withCredentials(spec.user(), CommandChecks.account("group", group), spec.supplementaryGroups()));
    }

    /**
     * Returns a copy with these supplementary groups and no others. Needs CAP_SETGID and {@code setpriv} of util-linux.
     *
     * @param groups a name, or a number in digits, each; without arguments there are none
     * @return the copy
     * @throws IllegalArgumentException if one is empty, or there is a NUL character in it
     */
    public Command supplementaryGroups(String... groups) {
        List<String> checked = new ArrayList<>();
        for (String group : Objects.requireNonNull(groups, "groups")) {
            checked.add(CommandChecks.account("groups", group));
        }
        return with(spec.withCredentials(spec.user(), spec.group(), List.copyOf(checked)));
    }

    /**
     * Returns a copy that runs in a control group (cgroup v2). A directory that does not exist is created for this process,
     * in one that exists, and removed with its last member. All its members belong to the process: stopping the process ends
     * all of them, also those that cannot be found by parents and sessions, and a process killed by the kernel because the
     * group is out of memory has the end reason {@link EndReason#OUT_OF_MEMORY}, if the memory controller is on. Therefore
     * use an existing directory for one process at a time; one with this JVM in it is refused.
     *
     * <p>If this JVM is killed, a directory that it created remains, also if the process {@linkplain Command#dieWithParent
     * dies with it}. It takes almost no memory; the next launch by that name uses it and leaves it there, and {@code rmdir}
     * removes it once it has no members.
     *
     * @param directory below the place where cgroup v2 is mounted; a relative one starts from there
     * @return the copy
     */
    public Command cgroup(Path directory) {
        return with(spec.withCgroup(PathText.check("directory", directory)));
    }

    /**
     * Returns a copy that runs in a process group of its own in the JVM's session. At a terminal it is then in the
     * background: reading from the terminal suspends it. Without this and {@link #newSession} a process has a session of its
     * own, or, if it inherits a standard stream, the JVM's group.
     *
     * <p>Where the kernel shares processors among sessions first ({@code sched_autogroup}), a busy process with a session of
     * its own gets as much as the whole JVM, however many threads that has. In the JVM's session it gets as much as one of its
     * threads.
     *
     * @return the copy
     */
    public Command processGroup() {
        return with(spec.withPlacement(Placement.OWN_GROUP));
    }

    /**
     * Returns a copy that runs in a session of its own, without a controlling terminal, also if it inherits a standard stream.
     *
     * @return the copy
     */
    public Command newSession() {
        return with(spec.withPlacement(Placement.OWN_SESSION));
    }
}

package org.processmanager.core.internal.launch.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.IoPriority;

/**
 * What a process has from its launch on beside its streams: limits, priorities, its user, where it belongs. Immutable; what
 * is null or empty stays as the JVM has it. Checked when it was given, but not yet against this machine.
 */
public final class LaunchAttributes implements Cloneable {
    /** Everything as the JVM has it. */
    public static final LaunchAttributes INHERITED = new LaunchAttributes();

    private Map<Rlimit, Rlimit.Range> limits = Map.of();
    private @Nullable Integer umask;
    private @Nullable Integer nice;
    private @Nullable IoPriority ioPriority;
    private List<Integer> cpus = List.of();
    private @Nullable String user;
    private @Nullable String group;
    private @Nullable List<String> supplementaryGroups;
    private @Nullable Path cgroup;
    private Placement placement = Placement.AUTOMATIC;

    private LaunchAttributes() {}

    private interface Change {
        void apply(LaunchAttributes attributes);
    }

    /** A copy with these limits and no others. */
    public LaunchAttributes withLimits(Map<Rlimit, Rlimit.Range> limits) {
        return with(copy -> copy.limits = Map.copyOf(limits));
    }

    /** A copy with a file mode creation mask. */
    public LaunchAttributes withUmask(int umask) {
        return with(copy -> copy.umask = umask);
    }

    /** A copy with a niceness. */
    public LaunchAttributes withNice(int nice) {
        return with(copy -> copy.nice = nice);
    }

    /** A copy with a priority for disks. */
    public LaunchAttributes withIoPriority(IoPriority ioPriority) {
        return with(copy -> copy.ioPriority = ioPriority);
    }

    /** A copy that runs on these processors. */
    public LaunchAttributes withCpus(int[] cpus) {
        SortedSet<Integer> sorted = new TreeSet<>();
        for (int cpu : cpus) {
            sorted.add(cpu);
        }
        return with(copy -> copy.cpus = List.copyOf(sorted));
    }

    /** A copy for a user, by name or number. */
    public LaunchAttributes withUser(String user) {
        return with(copy -> copy.user = user);
    }

    /** A copy for a group, by name or number. */
    public LaunchAttributes withGroup(String group) {
        return with(copy -> copy.group = group);
    }

    /** A copy with these supplementary groups, by name or number, and no others. */
    public LaunchAttributes withSupplementaryGroups(List<String> groups) {
        return with(copy -> copy.supplementaryGroups = List.copyOf(groups));
    }

    /** A copy in a control group. */
    public LaunchAttributes withCgroup(Path cgroup) {
        return with(copy -> copy.cgroup = cgroup);
    }

    /** A copy in another group or session. */
    public LaunchAttributes withPlacement(Placement placement) {
        return with(copy -> copy.placement = placement);
    }

    /** Bounds by resource. */
    public Map<Rlimit, Rlimit.Range> limits() {
        return limits;
    }

    @Nullable
    public Integer umask() {
        return umask;
    }

    @Nullable
    public Integer nice() {
        return nice;
    }

    @Nullable
    public IoPriority ioPriority() {
        return ioPriority;
    }

    public List<Integer> cpus() {
        return cpus;
    }

    @Nullable
    public String user() {
        return user;
    }

    @Nullable
    public String group() {
        return group;
    }

    @Nullable
    public List<String> supplementaryGroups() {
        return supplementaryGroups;
    }

    @Nullable
    public Path cgroup() {
        return cgroup;
    }

    Placement placement() {
        return placement;
    }

    /** Whether they include what a thread can have and hand on to what it starts. */
    public boolean hasThreadAttributes() {
        return umask != null || nice != null || ioPriority != null || !cpus.isEmpty();
    }

    /** Whether they include another user or other groups. */
    public boolean hasIdentity() {
        return user != null || group != null || supplementaryGroups != null;
    }

    /** What of them is set, as the methods of the command are called. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        add(names, "limits", !limits.isEmpty());
        add(names, "umask", umask != null);
        add(names, "nice", nice != null);
        add(names, "ioNice", ioPriority != null);
        add(names, "affinity", !cpus.isEmpty());
        add(names, "user", user != null);
        add(names, "group", group != null);
        add(names, "supplementaryGroups", supplementaryGroups != null);
        add(names, "cgroup", cgroup != null);
        add(names, "processGroup", placement == Placement.OWN_GROUP);
        add(names, "newSession", placement == Placement.OWN_SESSION);
        return names;
    }

    private static void add(List<String> names, String name, boolean isSet) {
        if (isSet) {
            names.add(name);
        }
    }

    private LaunchAttributes with(Change change) {
        try {
            LaunchAttributes copy = (LaunchAttributes) clone();
            change.apply(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}

package org.processmanager.core.internal.launch.spec;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Inheritable;
import org.processmanager.core.IoPriority;
import org.processmanager.core.StopPolicy;
import org.processmanager.core.event.EventListener;
import org.processmanager.core.internal.posix.PathText;

/**
 * All attributes of a process. Immutable: {@code with...} methods return changed copies. Values are
 * checked by the methods that take them; an attribute that is null or empty stays as this JVM has it.
 */
public final class LaunchSpec implements Cloneable {
    private static final Set<Integer> SUCCESS = Set.of(0);
    private static final StopPolicy DEFAULT_STOP = StopPolicy.defaults();
    private static final Duration STREAM_GRACE = Duration.ofMillis(250);

    // Written only on a copy that no other thread has seen yet.
    private List<String> commandLine;
    private @Nullable String argv0;
    private @Nullable String name;
    private EnvironmentSpec environment = EnvironmentSpec.INHERITED;
    private @Nullable Path directory;
    private InputSpec stdin = InputSpec.EMPTY;
    private @Nullable OutputSpec stdout;
    private @Nullable OutputSpec stderr;
    private Charset charset = SystemCharset.VALUE;
    private @Nullable Duration timeout;
    private Duration streamGrace = STREAM_GRACE;
    private StopPolicy stopPolicy = DEFAULT_STOP;
    private Set<Integer> acceptedExitCodes = SUCCESS;
    private boolean acceptsAnyExit;
    private @Nullable EventListener listener;
    private Map<String, Inheritable> resources = Map.of();
    private boolean dieWithParent;
    private @Nullable PrivateFile argumentFile;
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

    /** Creates a spec of a program with its arguments and default attributes. */
    public LaunchSpec(List<String> commandLine) {
        this.commandLine = commandLine;
    }

    /** Returns a spec of a helper program: no streams, an empty environment, in the root directory. */
    public static LaunchSpec quiet(String name, List<String> commandLine) {
        return new LaunchSpec(commandLine)
                .withName(name)
                .withEnvironment(EnvironmentSpec.INHERITED.clear())
                .withDirectory(Path.of("/"))
                .withStreams(InputSpec.EMPTY, OutputSpec.DISCARD, OutputSpec.DISCARD)
                .withStopPolicy(StopPolicy.immediateKill());
    }

    /**
     * Returns a copy that can be launched: text for standard input is encoded.
     *
     * @param output the default of the output streams
     * @throws IllegalArgumentException if the charset cannot encode the text
     */
    public LaunchSpec ready(OutputSpec output) {
        LaunchSpec copy = copy();
        copy.stdin = stdin == InputSpec.EMPTY ? stdin : stdin.encoded(charset);
        copy.stdout = stdout != null ? stdout : output;
        copy.stderr = stderr != null ? stderr : output;
        return copy;
    }

    /** Returns the program as given. */
    public String program() {
        return commandLine.get(0);
    }

    /** Returns program and arguments. */
    public List<String> commandLine() {
        return commandLine;
    }

    public LaunchSpec withCommandLine(List<String> commandLine) {
        LaunchSpec copy = copy();
        copy.commandLine = commandLine;
        return copy;
    }

    public @Nullable String argv0() {
        return argv0;
    }

    /** Returns program and arguments as the program receives them. */
    public List<String> argv() {
        if (argv0 == null) {
            return commandLine;
        }
        List<String> argv = new ArrayList<>(commandLine);
        argv.set(0, argv0);
        return argv;
    }

    public LaunchSpec withArgv0(String argv0) {
        LaunchSpec copy = copy();
        copy.argv0 = argv0;
        return copy;
    }

    /** Returns the name for messages and threads; by default the file name of the program. */
    public String name() {
        int start = program().lastIndexOf('/') + 1;
        return name != null ? name : PathText.printable(program().substring(start));
    }

    public LaunchSpec withName(String name) {
        LaunchSpec copy = copy();
        copy.name = name;
        return copy;
    }

    /** Returns the changes to the environment of this JVM. */
    public EnvironmentSpec environment() {
        return environment;
    }

    public LaunchSpec withEnvironment(EnvironmentSpec environment) {
        LaunchSpec copy = copy();
        copy.environment = environment;
        return copy;
    }

    public @Nullable Path directory() {
        return directory;
    }

    public LaunchSpec withDirectory(Path directory) {
        LaunchSpec copy = copy();
        copy.directory = directory;
        return copy;
    }

    public InputSpec stdin() {
        return stdin;
    }

    /** Returns the destination of standard output; null if unset and not {@link #ready} yet. */
    public @Nullable OutputSpec stdout() {
        return stdout;
    }

    public @Nullable OutputSpec stderr() {
        return stderr;
    }

    /** Returns a copy with other standard streams; null leaves an output unset. */
    public LaunchSpec withStreams(InputSpec stdin, @Nullable OutputSpec stdout, @Nullable OutputSpec stderr) {
        LaunchSpec copy = copy();
        copy.stdin = stdin;
        copy.stdout = stdout;
        copy.stderr = stderr;
        return copy;
    }

    /** Returns the charset of streams that have none of their own. */
    public Charset charset() {
        return charset;
    }

    /** Returns the charset of the text that an output keeps. */
    public Charset charset(@Nullable OutputSpec output) {
        Charset own = output == null ? null : output.charset();
        return own != null ? own : charset;
    }

    public LaunchSpec withCharset(Charset charset) {
        LaunchSpec copy = copy();
        copy.charset = charset;
        return copy;
    }

    public @Nullable Duration timeout() {
        return timeout;
    }

    /** Returns how long output that other processes hold open is read after the exit without new data. */
    public Duration streamGrace() {
        return streamGrace;
    }

    public LaunchSpec withTimes(@Nullable Duration timeout, Duration streamGrace) {
        LaunchSpec copy = copy();
        copy.timeout = timeout;
        copy.streamGrace = streamGrace;
        return copy;
    }

    public StopPolicy stopPolicy() {
        return stopPolicy;
    }

    public LaunchSpec withStopPolicy(StopPolicy stopPolicy) {
        LaunchSpec copy = copy();
        copy.stopPolicy = stopPolicy;
        return copy;
    }

    public Set<Integer> acceptedExitCodes() {
        return acceptedExitCodes;
    }

    public boolean acceptsAnyExit() {
        return acceptsAnyExit;
    }

    public LaunchSpec withAccepted(Set<Integer> exitCodes, boolean anyExit) {
        LaunchSpec copy = copy();
        copy.acceptedExitCodes = exitCodes;
        copy.acceptsAnyExit = anyExit;
        return copy;
    }

    /** Returns the listener for the events of this process only. */
    public @Nullable EventListener listener() {
        return listener;
    }

    public LaunchSpec withListener(EventListener listener) {
        LaunchSpec copy = copy();
        copy.listener = listener;
        return copy;
    }

    /** Returns the resources that the child inherits, by the environment variables that announce them. */
    public Map<String, Inheritable> resources() {
        return resources;
    }

    public LaunchSpec withResource(String variable, Inheritable resource) {
        Map<String, Inheritable> changed = new TreeMap<>(resources);
        changed.put(variable, resource);
        LaunchSpec copy = copy();
        copy.resources = Map.copyOf(changed);
        return copy;
    }

    /** Returns whether the process is killed when this JVM terminates, in any way. */
    public boolean dieWithParent() {
        return dieWithParent;
    }

    public LaunchSpec withDieWithParent() {
        LaunchSpec copy = copy();
        copy.dieWithParent = true;
        return copy;
    }

    /** Returns the file from which the program reads its arguments. */
    public @Nullable PrivateFile argumentFile() {
        return argumentFile;
    }

    public LaunchSpec withArgumentFile(PrivateFile file) {
        LaunchSpec copy = copy();
        copy.argumentFile = file;
        return copy;
    }

    public Map<Rlimit, Rlimit.Range> limits() {
        return limits;
    }

    public LaunchSpec withLimits(Map<Rlimit, Rlimit.Range> limits) {
        LaunchSpec copy = copy();
        copy.limits = limits;
        return copy;
    }

    public @Nullable Integer umask() {
        return umask;
    }

    public @Nullable Integer nice() {
        return nice;
    }

    public @Nullable IoPriority ioPriority() {
        return ioPriority;
    }

    /** Returns the processors, ascending. */
    public List<Integer> cpus() {
        return cpus;
    }

    public LaunchSpec withThreadAttributes(
            @Nullable Integer umask, @Nullable Integer nice, @Nullable IoPriority ioPriority, List<Integer> cpus) {
        LaunchSpec copy = copy();
        copy.umask = umask;
        copy.nice = nice;
        copy.ioPriority = ioPriority;
        copy.cpus = cpus;
        return copy;
    }

    /** Returns the user, by name or number, as are groups. */
    public @Nullable String user() {
        return user;
    }

    public @Nullable String group() {
        return group;
    }

    public @Nullable List<String> supplementaryGroups() {
        return supplementaryGroups;
    }

    public LaunchSpec withCredentials(
            @Nullable String user, @Nullable String group, @Nullable List<String> supplementaryGroups) {
        LaunchSpec copy = copy();
        copy.user = user;
        copy.group = group;
        copy.supplementaryGroups = supplementaryGroups;
        return copy;
    }

    public @Nullable Path cgroup() {
        return cgroup;
    }

    public LaunchSpec withCgroup(Path cgroup) {
        LaunchSpec copy = copy();
        copy.cgroup = cgroup;
        return copy;
    }

    public Placement placement() {
        return placement;
    }

    public LaunchSpec withPlacement(Placement placement) {
        LaunchSpec copy = copy();
        copy.placement = placement;
        return copy;
    }

    /** Returns whether there are attributes that a process inherits from the thread that spawns it. */
    public boolean hasThreadAttributes() {
        return umask != null || nice != null || ioPriority != null || !cpus.isEmpty();
    }

    /** Returns whether another user or other groups are set. */
    public boolean hasCredentials() {
        return user != null || group != null || supplementaryGroups != null;
    }

    /** Returns whether {@code posix_spawn} can start the program without a wrapper. */
    public boolean isPlain() {
        return limits.isEmpty()
                && !dieWithParent
                && cgroup == null
                && argumentFile == null
                && !hasCredentials()
                && !hasThreadAttributes();
    }

    /** Returns whether the process gets its own session: by default unless it inherits a standard stream. */
    public boolean leadsSession() {
        boolean inherits = stdin instanceof InputSpec.Inherit
                || stdout instanceof OutputSpec.Inherit
                || stderr instanceof OutputSpec.Inherit;
        return placement == Placement.OWN_SESSION || dieWithParent || placement == Placement.AUTOMATIC && !inherits;
    }

    /** Returns whether the process leads a process group, whose id is its pid. */
    public boolean leadsGroup() {
        return leadsSession() || placement == Placement.OWN_GROUP;
    }

    private LaunchSpec copy() {
        try {
            return (LaunchSpec) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}

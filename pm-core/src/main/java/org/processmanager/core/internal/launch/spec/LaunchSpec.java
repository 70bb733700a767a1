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

/**
 * Everything that a command says about its process. Immutable: {@code with...} methods return changed copies. Values are
 * checked by the methods that take them; an attribute that is null or empty stays as this JVM has it.
 */
public final class LaunchSpec implements Cloneable {
    private static final Charset NATIVE = nativeCharset();
    private static final Set<Integer> SUCCESS = Set.of(0);
    private static final StopPolicy DEFAULT_STOP = StopPolicy.defaults();

    // Written only on a copy that no other thread has seen yet.
    private List<String> commandLine;
    private @Nullable String argv0;
    private @Nullable String name;
    private EnvironmentSpec environment = EnvironmentSpec.INHERITED;
    private @Nullable Path directory;
    private InputSpec stdin = InputSpec.EMPTY;
    private @Nullable OutputSpec stdout;
    private @Nullable OutputSpec stderr;
    private Charset charset = NATIVE;
    private @Nullable Duration timeout;
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

    /** A program with its arguments, and nothing else said. */
    public LaunchSpec(List<String> commandLine) {
        this.commandLine = commandLine;
    }

    /** A program that this library runs for itself: no streams, an empty environment, in the root directory. */
    public static LaunchSpec quiet(String name, List<String> commandLine) {
        LaunchSpec spec = new LaunchSpec(commandLine);
        spec.name = name;
        spec.environment = EnvironmentSpec.INHERITED.clear();
        spec.directory = Path.of("/");
        spec.stdout = OutputSpec.DISCARD;
        spec.stderr = OutputSpec.DISCARD;
        spec.stopPolicy = StopPolicy.immediateKill();
        return spec;
    }

    /**
     * A copy that is ready to be launched: text for standard input is encoded.
     *
     * @param output for the output streams of which the command says nothing
     * @throws IllegalArgumentException if the charset cannot encode the text
     */
    public LaunchSpec ready(OutputSpec output) {
        LaunchSpec copy = copy();
        copy.stdin = stdin == InputSpec.EMPTY ? stdin : stdin.encoded(charset);
        copy.stdout = stdout != null ? stdout : output;
        copy.stderr = stderr != null ? stderr : output;
        return copy;
    }

    /** The program as the caller wrote it. */
    public String program() {
        return commandLine.get(0);
    }

    /** Program and arguments. */
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

    /** Program and arguments as the program sees them. */
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

    /** The name for messages and threads; without one, the program's file name. */
    public String name() {
        return name != null ? name : program().substring(program().lastIndexOf('/') + 1);
    }

    public LaunchSpec withName(String name) {
        LaunchSpec copy = copy();
        copy.name = name;
        return copy;
    }

    /** How the environment differs from that of this JVM. */
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

    /** What becomes of standard output; null where the command says nothing and is not {@link #ready} yet. */
    public @Nullable OutputSpec stdout() {
        return stdout;
    }

    public @Nullable OutputSpec stderr() {
        return stderr;
    }

    /** A copy with other standard streams; null stands for an output of which nothing is said. */
    public LaunchSpec withStreams(InputSpec stdin, @Nullable OutputSpec stdout, @Nullable OutputSpec stderr) {
        LaunchSpec copy = copy();
        copy.stdin = stdin;
        copy.stdout = stdout;
        copy.stderr = stderr;
        return copy;
    }

    /** The charset of text, where a stream has none of its own. */
    public Charset charset() {
        return charset;
    }

    /** The charset of the text that an output keeps. */
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

    public LaunchSpec withTimeout(Duration timeout) {
        LaunchSpec copy = copy();
        copy.timeout = timeout;
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

    /** A listener for the events of this process alone. */
    public @Nullable EventListener listener() {
        return listener;
    }

    public LaunchSpec withListener(EventListener listener) {
        LaunchSpec copy = copy();
        copy.listener = listener;
        return copy;
    }

    /** What the child inherits, by the environment variables that announce it. */
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

    /** Whether the process ends when this JVM does, in whatever way that ends. */
    public boolean dieWithParent() {
        return dieWithParent;
    }

    public LaunchSpec withDieWithParent() {
        LaunchSpec copy = copy();
        copy.dieWithParent = true;
        return copy;
    }

    /** A file from which the program reads its arguments. */
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

    /** Processors, ascending. */
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

    /** By name or number, as are groups. */
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

    /** Whether it asks for attributes that a process inherits from the thread that spawns it. */
    public boolean hasThreadAttributes() {
        return umask != null || nice != null || ioPriority != null || !cpus.isEmpty();
    }

    /** Whether it asks for another user or other groups. */
    public boolean hasCredentials() {
        return user != null || group != null || supplementaryGroups != null;
    }

    /** Whether {@code posix_spawn} alone can start it. */
    public boolean isPlain() {
        return limits.isEmpty()
                && !dieWithParent
                && cgroup == null
                && argumentFile == null
                && !hasCredentials()
                && !hasThreadAttributes();
    }

    /** Whether it gets a session of its own. By default it does not if a standard stream is that of this JVM. */
    public boolean leadsSession() {
        boolean inherits = stdin instanceof InputSpec.Inherit
                || stdout instanceof OutputSpec.Inherit
                || stderr instanceof OutputSpec.Inherit;
        return placement == Placement.OWN_SESSION || dieWithParent || placement == Placement.AUTOMATIC && !inherits;
    }

    /** Whether it leads a process group, whose number is its own. */
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

    /** The charset that programs of this system write, which is not always the default of this JVM. */
    private static Charset nativeCharset() {
        String name = System.getProperty("native.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }
}

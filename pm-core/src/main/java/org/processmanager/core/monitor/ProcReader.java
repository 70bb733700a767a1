package org.processmanager.core.monitor;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.ResourcesExhaustedException;
import org.processmanager.core.internal.util.BootId;

/**
 * Reads processes from the {@code /proc} of Linux. Each file is read into one buffer and parsed there; a user's name is looked
 * up once. Not thread-safe.
 */
final class ProcReader {
    private static final String PROC = "/proc";
    private static final String BOOT_ID = BootId.text();
    /** What a FileInputStream reads without allocating. */
    private static final int FIRST_BYTES = 8192;
    /** The longest argument of a program; longer command lines are cut. */
    private static final int MOST_BYTES = 128 * 1024;

    private static final long TICK_NANOS = 1_000_000 * KernelUnits.TICK_MILLIS;
    private static final double PERCENT = 100;
    /** How far the pages of {@code stat} may be off those that were read before, if the process has not run since. */
    private static final int MOST_PAGES_OFF = 256;

    private static final int GONE = -1;

    private static volatile @Nullable KernelUnits known;

    private final String proc;
    private final KernelUnits units;
    private final Map<Integer, String> users = new HashMap<>();
    private final StatLine stat = new StatLine();
    private byte[] buffer = new byte[FIRST_BYTES];
    private long uptimeTicks;
    private long uptimeNanos;

    private ProcReader(String proc, KernelUnits units) {
        this.proc = proc;
        this.units = units;
    }

    /**
     * Returns a reader of this system.
     *
     * @throws UnsupportedOperationException if {@code /proc} is missing or is that of another pid namespace
     * @throws ResourcesExhaustedException if no descriptor is free
     */
    static ProcReader open() {
        checkOwn(PROC);
        KernelUnits units = known; // the boot time is read once, so that the start time of a process never changes
        if (units == null) {
            units = units(PROC);
            known = units;
        }
        return new ProcReader(PROC, units);
    }

    /** Returns a reader of a directory like {@code /proc}. */
    static ProcReader open(Path proc) {
        checkOwn(proc.toString());
        return new ProcReader(proc.toString(), units(proc.toString()));
    }

    private static void checkOwn(String proc) {
        String own = Long.toString(ProcessHandle.current().pid());
        String self;
        try {
            self = Files.readSymbolicLink(Path.of(proc, "self")).toString();
        } catch (IOException e) {
            throw new UnsupportedOperationException("cannot read processes: " + proc + " is not mounted", e);
        }
        if (!self.equals(own)) {
            throw new UnsupportedOperationException("cannot read processes: " + proc
                    + " is that of another pid namespace, in which this process is " + self + ", not " + own
                    + "; mount that of this namespace");
        }
    }

    private static KernelUnits units(String proc) {
        try {
            return KernelUnits.read(Path.of(proc));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Returns all processes, sorted by pid. */
    List<ProcessSnapshot> list() {
        return list(pid -> null);
    }

    /**
     * Returns all processes, sorted by pid. Of a process that has not run, only what others change is read: it still has the
     * same arguments and user, and about the same memory, of which the kernel may have reclaimed some.
     *
     * @param unchanged returns, for a pid, the last state of a process that has not run since before that was read, or null
     */
    List<ProcessSnapshot> list(LongFunction<@Nullable ProcessSnapshot> unchanged) {
        String[] names = new File(proc).list();
        readUptime();
        if (names == null) { // no descriptor was free, though one is now
            throw unreadable(new IOException(proc + " could not be listed"));
        }
        long[] pids = new long[names.length];
        int count = 0;
        for (String name : names) {
            if (name.charAt(0) >= '0' && name.charAt(0) <= '9') {
                pids[count++] = Long.parseLong(name);
            }
        }
        Arrays.sort(pids, 0, count);
        List<ProcessSnapshot> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ProcessSnapshot process = read(pids[i], unchanged.apply(pids[i]));
            if (process != null) {
                list.add(process);
            }
        }
        return list;
    }

    /** Returns a process, or null if there is none. */
    @Nullable
    ProcessSnapshot find(long pid) {
        readUptime();
        ProcessSnapshot process = read(pid, null);
        // The directories of threads are not listed, but can be opened.
        return process == null || isThread(pid) ? null : process;
    }

    private @Nullable ProcessSnapshot read(long pid, @Nullable ProcessSnapshot unchanged) {
        String directory = proc + '/' + pid;
        int length = fill(directory + "/stat");
        if (length == GONE || !stat.parse(buffer, length) || stat.state == 'X') {
            return null;
        }
        double age = Math.max(1, ageTicks());
        ProcessIdentity identity = new ProcessIdentity(pid, stat.startTicks, BOOT_ID);
        String name = text(stat.nameFrom, stat.nameTo);
        ProcessSnapshot last = unchanged != null && unchanged.identity().equals(identity) ? unchanged : null;
        String user = last != null ? last.user() : user(directory);
        if (user == null) {
            return null;
        }
        String arguments = last != null || stat.kernelThread ? "" : arguments(directory);
        return new ProcessSnapshot(
                identity,
                stat.parent,
                name,
                state(directory),
                user,
                PERCENT * stat.cpuTicks / age,
                Duration.ofMillis(stat.cpuTicks * KernelUnits.TICK_MILLIS),
                stat.kernelThread ? 0 : residentBytes(directory, last),
                stat.threads,
                units.instant(stat.startTicks),
                stat.kernelThread,
                last != null ? last.commandLine() : CommandLines.text(arguments),
                last != null ? last.mainClass() : CommandLines.mainClass(arguments));
    }

    /** Returns the time since the start, rounded up, so that no process seems to use more than it can. */
    private long ageTicks() {
        long nanos = System.nanoTime() - uptimeNanos;
        return uptimeTicks + 1 + (nanos + TICK_NANOS - 1) / TICK_NANOS - stat.startTicks;
    }

    private void readUptime() {
        uptimeNanos = System.nanoTime();
        if (!units.uptimeIsSinceBoot()) {
            uptimeTicks = (System.currentTimeMillis() - units.bootMillis()) / KernelUnits.TICK_MILLIS;
            return;
        }
        int length = fill(proc + "/uptime"); // seconds with two decimals
        uptimeTicks = 0;
        for (int i = 0; i < length && buffer[i] != ' '; i++) {
            if (buffer[i] != '.') {
                uptimeTicks = 10 * uptimeTicks + buffer[i] - '0';
            }
        }
    }

    private ProcessSnapshot.State state(String directory) {
        return StatLine.stateOf(stat.state == 'Z' && stat.threads > 1 ? stateOfOtherThreads(directory) : stat.state);
    }

    /** A process whose main thread has ended lives as long as another thread of it. */
    private char stateOfOtherThreads(String directory) {
        StatLine thread = new StatLine();
        String[] ids = new File(directory + "/task").list();
        char state = 'Z';
        for (String id : ids == null ? new String[0] : ids) {
            int length = fill(directory + "/task/" + id + "/stat");
            if (length != GONE && thread.parse(buffer, length) && thread.state != 'Z') {
                if (thread.state == 'R') {
                    return 'R';
                }
                state = thread.state;
            }
        }
        return state;
    }

    /** Returns the name of the effective user, which owns the directory; null if the process has exited. */
    private @Nullable String user(String directory) {
        Path path = Path.of(directory);
        try {
            Integer id = (Integer) Files.getAttribute(path, "unix:uid");
            String user = users.get(id);
            if (user == null) {
                user = Files.getOwner(path).getName();
                if (user.equals(id.toString())) { // it has no name
                    user = Integer.toUnsignedString(id);
                }
                users.put(id, user);
            }
            return user;
        } catch (IOException e) {
            return null;
        }
    }

    private long residentBytes(String directory, @Nullable ProcessSnapshot last) {
        long off =
                last == null ? Long.MAX_VALUE : Math.abs(stat.residentPages - last.residentBytes() / units.pageBytes());
        return last != null && off <= MOST_PAGES_OFF
                ? last.residentBytes()
                : residentPages(directory) * units.pageBytes();
    }

    /** Returns the second number of {@code statm}; the one in {@code stat} may be some hundred pages off. */
    private long residentPages(String directory) {
        int length = fill(directory + "/statm");
        long pages = 0;
        int at = 0;
        while (at < length && buffer[at] != ' ') {
            at++;
        }
        for (at++; at < length && buffer[at] != ' '; at++) {
            pages = 10 * pages + buffer[at] - '0';
        }
        return pages;
    }

    /** Returns program and arguments, each with a zero byte after it. */
    private String arguments(String directory) {
        return text(0, Math.max(0, fill(directory + "/cmdline")));
    }

    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }

    private boolean isThread(long pid) {
        int length = fill(proc + '/' + pid + "/status");
        String id = "\nTgid:\t" + pid + "\n";
        return length != GONE && !text(0, length).contains(id);
    }

    /**
     * Reads a file into the buffer, whose size is doubled for a longer one.
     *
     * @return the number of bytes, or {@link #GONE} if the process has exited or is not visible
     * @throws ResourcesExhaustedException if the file is there but cannot be read
     */
    private int fill(String file) {
        for (int attempt = 1; ; attempt++) {
            // The second way is slower and distinguishes a denied access.
            try (InputStream in = attempt == 1 ? new FileInputStream(file) : Files.newInputStream(Path.of(file))) {
                return fill(in);
            } catch (NoSuchFileException | AccessDeniedException e) {
                return GONE;
            } catch (IOException e) {
                if (!new File(file).canRead()) { // needs no descriptor
                    return GONE;
                }
                if (attempt == 2) {
                    throw unreadable(e);
                }
            }
        }
    }

    private int fill(InputStream in) throws IOException {
        int length = 0;
        while (true) {
            int read = in.read(buffer, length, buffer.length - length);
            length += Math.max(0, read);
            if (length < buffer.length || length >= MOST_BYTES) {
                return length; // these files return all that fits
            }
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
    }

    private static ResourcesExhaustedException unreadable(IOException e) {
        return new ResourcesExhaustedException(
                "cannot read processes: " + e.getMessage()
                        + "; if no descriptor is free, close some or raise the limit (ulimit -n)",
                e);
    }
}

package org.processmanager.examples.app.cli.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.internal.posix.Futex;
import org.processmanager.core.internal.posix.Membarrier;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.core.internal.posix.OfdLocks;
import org.processmanager.core.internal.posix.PosixException;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.core.monitor.ProcessDetails;
import org.processmanager.core.monitor.ProcessTable;

/** Checks of the system: kernel, native layer, file systems, limits, filters, the JDK. */
final class SystemChecks {
    private static final String PORTABLE = "pm works on the portable path; see docs/faq.md";
    private static final long LITTLE_ROOM = 16 << 20;
    private static final long FEW_FILES = 1024;
    private static final long FEW_PROCESSES = 512;
    private static final int FIRST_JDK_WITH_WARNINGS = 24;

    private SystemChecks() {}

    static List<Finding> run() {
        List<Finding> findings = new ArrayList<>(List.of(jdk(), locale(), kernel(), nativeLayer(), pidfd(), locks()));
        findings.add(futex());
        findings.add(membarrier());
        findings.add(sharedMemory());
        findings.add(temporaryDirectory());
        findings.add(controlGroup());
        findings.add(limit("open files", FEW_FILES, "raise it by ulimit -n"));
        findings.add(limit("processes", FEW_PROCESSES, "raise it by ulimit -u"));
        findings.add(otherProcesses());
        findings.add(filter());
        return findings;
    }

    private static Finding jdk() {
        String found = Runtime.version() + ", " + System.getProperty("java.vendor");
        boolean warns = Runtime.version().feature() >= FIRST_JDK_WITH_WARNINGS
                && NativeLayer.available()
                && NativeLayer.moduleWithNativeAccess() == null;
        return warns
                ? Finding.limited(
                        "JDK", found + ", warns of native access", "start it with --enable-native-access=ALL-UNNAMED")
                : Finding.ok("JDK", found);
    }

    private static Finding locale() {
        String charset = String.valueOf(System.getProperty("sun.jnu.encoding"));
        return charset.equalsIgnoreCase("UTF-8")
                ? Finding.ok("locale", charset)
                : Finding.limited(
                        "locale",
                        charset + ": other characters in arguments and file names are lost",
                        "install a UTF-8 locale, as C.UTF-8, and set LC_ALL");
    }

    private static Finding kernel() {
        String found = System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch");
        return System.getProperty("os.name").equals("Linux")
                ? Finding.ok("kernel", found)
                : Finding.limited("kernel", found, PORTABLE);
    }

    private static Finding nativeLayer() {
        String reason = NativeLayer.unavailableReason();
        if (reason == null) {
            return Finding.ok("native layer", "loaded and tried");
        }
        return Finding.limited(
                "native layer",
                reason,
                reason.startsWith("switched off")
                        ? "leave out -D" + NativeLayer.PROPERTY + "=off"
                        : "if the directory of temporary files may not have executables, set -Djna.tmpdir; "
                                + PORTABLE);
    }

    /** Runs a check that needs the native layer. */
    private static Finding natively(String name, Function<String, Finding> check) {
        if (!NativeLayer.available()) {
            return Finding.limited(name, "not tried: needs the native layer", "see native layer");
        }
        try {
            return check.apply(name);
        } catch (PosixException | UnsupportedOperationException e) {
            return Finding.limited(name, String.valueOf(e.getMessage()), PORTABLE);
        }
    }

    private static Finding pidfd() {
        return natively("pidfd", name -> {
            int descriptor = Wait.openPidfd(Wait.getpid());
            org.processmanager.core.internal.posix.Files.close(descriptor);
            return Finding.ok(name, "exits are awaited, and signals sent, without a race for the pid");
        });
    }

    private static Finding locks() {
        return natively(
                "OFD locks",
                name -> OfdLocks.areAvailable()
                        ? Finding.ok(name, "death of a process is proven by locks of its open files")
                        : Finding.limited(
                                name,
                                "refused by the kernel: locks belong to the process",
                                "see docs/architecture.md, Regions"));
    }

    private static Finding futex() {
        return natively("futex", name -> {
            ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES);
            String reason = Futex.unavailableReason(
                    org.processmanager.core.internal.posix.Files.addressOf(word), word.getInt(0));
            return reason == null
                    ? Finding.ok(name, "waits between processes sleep in the kernel")
                    : Finding.limited(name, reason + ": waits between processes poll", "allow the call futex");
        });
    }

    private static Finding membarrier() {
        return natively(
                "membarrier",
                name -> Membarrier.register()
                        ? Finding.ok(name, "messages need no fence in the sender")
                        : Finding.limited(
                                name, "refused by the kernel: messages cost a fence", "allow the call membarrier"));
    }

    private static Finding sharedMemory() {
        Path directory = Path.of("/dev/shm");
        try {
            FileStore store = Files.getFileStore(directory);
            long mode = (int) Files.getAttribute(directory, "unix:mode") & 07777L;
            String found = "%d MiB, %d MiB free, mode %o"
                    .formatted(store.getTotalSpace() >> 20, store.getUsableSpace() >> 20, mode);
            if (store.getUsableSpace() < LITTLE_ROOM) {
                return Finding.limited("/dev/shm", found, "make room, or give it a size: docker run --shm-size=256m");
            }
            return Files.isWritable(directory)
                    ? Finding.ok("/dev/shm", found)
                    : Finding.limited("/dev/shm", found + ", not writable", "chmod 1777 /dev/shm");
        } catch (IOException | UnsupportedOperationException e) {
            return Finding.limited("/dev/shm", "missing: " + e.getMessage(), "mount a tmpfs there");
        }
    }

    private static Finding temporaryDirectory() {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        String options = mountOptions(directory);
        return Arrays.asList(options.split(",")).contains("noexec")
                ? Finding.limited(
                        "temporary files",
                        directory + " is mounted noexec, from where JNA cannot load its library",
                        "set -Djna.tmpdir to a directory of a file system without noexec")
                : Finding.ok("temporary files", directory + (options.isEmpty() ? "" : ", mounted " + options));
    }

    /** Returns the options of the mount that a directory is on; empty if they are unknown. */
    private static String mountOptions(Path directory) {
        String found = "";
        int longest = -1;
        for (String line : lines(Path.of("/proc/self/mounts"))) {
            String[] fields = line.split(" ");
            if (fields.length > 3 && directory.startsWith(fields[1]) && fields[1].length() >= longest) {
                longest = fields[1].length();
                found = fields[3];
            }
        }
        return found;
    }

    private static Finding controlGroup() {
        if (!Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))) {
            return Finding.limited("control groups", "no cgroup v2 at /sys/fs/cgroup", "limits by rlimit work without");
        }
        Optional<String> own = lines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring("0::".length()))
                .findFirst();
        Path directory = Path.of("/sys/fs/cgroup" + own.orElse("/"));
        return Files.isWritable(directory)
                ? Finding.ok("control groups", directory + " is this user's to divide")
                : Finding.limited(
                        "control groups",
                        directory + " is not delegated to this user",
                        "start pm by systemd-run --user --scope -p Delegate=yes");
    }

    private static Finding limit(String name, long few, String advice) {
        Optional<ProcessDetails.Limit> limit = ProcessTable.find(
                        ProcessHandle.current().pid())
                .flatMap(self -> details(self.identity()))
                .flatMap(limits ->
                        limits.stream().filter(each -> each.name().equals(name)).findFirst());
        if (limit.isEmpty()) {
            return Finding.ok("limit of " + name, "unknown");
        }
        OptionalLong soft = limit.get().soft();
        String found = text(soft) + ", at most " + text(limit.get().hard());
        return soft.isPresent() && soft.getAsLong() < few
                ? Finding.limited("limit of " + name, found, advice)
                : Finding.ok("limit of " + name, found);
    }

    private static Optional<List<ProcessDetails.Limit>> details(ProcessIdentity self) {
        try {
            return ProcessDetails.of(self).limits();
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static String text(OptionalLong limit) {
        return limit.isPresent() ? Long.toString(limit.getAsLong()) : "unlimited";
    }

    private static Finding otherProcesses() {
        Matcher hidden = Pattern.compile("hidepid=(\\w+)").matcher(mountOptions(Path.of("/proc")));
        return hidden.find() && !hidden.group(1).matches("0|off")
                ? Finding.limited(
                        "other processes",
                        "/proc is mounted with " + hidden.group(),
                        "ps, info and --port see the processes of this user alone")
                : Finding.ok("other processes", "/proc shows all");
    }

    private static Finding filter() {
        String mode = lines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Seccomp:"))
                .map(line -> line.substring("Seccomp:".length()).strip())
                .findFirst()
                .orElse("0");
        return Finding.ok(
                "seccomp",
                mode.equals("0")
                        ? "no filter of system calls"
                        : "a filter of system calls; the checks above show its effect");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}

package org.processmanager.core.internal.detached;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.processmanager.core.Output;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.internal.launch.program.JavaArguments;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.manager.CommandAccess;
import org.processmanager.core.registry.DetachedState;

/** Starts shims: small JVMs in sessions of their own, whose parent is the first process of the system. */
public final class Shims {
    private static final long PAUSE_MILLIS = 10;
    private static final String ARCHIVE = "-XX:SharedArchiveFile=";

    /** A shim waits and copies output: small, one compiler, no files for tools. */
    private static final List<String> OPTIONS = List.of(
            "-Xms4m",
            "-Xmx16m",
            "-Xss512k",
            "-XX:MaxDirectMemorySize=4m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=8m",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xshare:auto",
            "-Xlog:cds*=off",
            "-Xlog:class+path*=off");

    private Shims() {}

    /**
     * Starts the shim of an entry, and blocks until it has closed its standard output, which it does when the program runs and
     * is ready, or has failed; or until the shim is gone.
     *
     * @throws InterruptedException if interrupted; the shim continues
     * @throws org.processmanager.core.LaunchException if {@code setsid} cannot be started
     */
    public static void start(ProcessManager manager, EntryFiles files, CommandFile command, Duration timeout)
            throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(OPTIONS);
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith(ARCHIVE)) {
                options.add(
                        ARCHIVE + Path.of(option.substring(ARCHIVE.length())).toAbsolutePath());
            }
        }
        LaunchSpec java = JavaArguments.command(DetachedMain.class, options);
        Files.writeString(
                files.shimOptions(), Objects.requireNonNull(java.argumentFile()).content());
        List<String> line = new ArrayList<>(List.of("setsid", "--fork"));
        line.addAll(java.commandLine());
        line.set(3, "@" + files.shimOptions().getFileName());
        line.add(files.directory().getFileName().toString());
        LaunchSpec setsid = new LaunchSpec(List.copyOf(line))
                .withName("shim")
                .withDirectory(files.directory())
                .withEnvironment(command.shimEnvironment());
        long start = System.nanoTime();
        ProcessResult result = CommandAccess.get()
                .create(setsid, manager)
                .stderr(Output.appendTo(files.shimLog()))
                .awaitEndOfStreams()
                .timeout(timeout)
                .acceptAnyExit()
                .run();
        // The JDK may report the end of a stream at the exit of setsid, though the shim holds it open: portable path.
        while (result.streamsIncomplete()
                && System.nanoTime() - start < timeout.toNanos()
                && result.pipeHolders().stream().anyMatch(Shims::isAlive)
                && StateFile.read(files).phase() == DetachedState.Phase.STARTING) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}

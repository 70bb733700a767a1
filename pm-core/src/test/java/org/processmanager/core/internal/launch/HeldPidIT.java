package org.processmanager.core.internal.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.Command;
import org.processmanager.core.ProcessResult;
import org.processmanager.core.internal.launch.posix.PidHandle;
import org.processmanager.core.internal.launch.posix.PosixLauncher;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.Poll;
import org.processmanager.core.internal.posix.Spawn;
import org.processmanager.core.internal.posix.Wait;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;

/** The kernel tells once how a child ended, and that is kept though memory runs out at that moment. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HeldPidIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(PosixLauncher::isAvailable)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*|file .*");

    /** Reaps one child after the other in a full heap, with some more bytes free each time. */
    static final class FullHeap {
        // Of 24 bytes each: what is kept of an end takes some 300 in all.
        private static final int FEWEST_LINKS = 4;
        private static final int MOST_LINKS = 18;
        private static final int SMALL_LINKS_BYTES = 4096;
        private static Object[] hoard;

        private FullHeap() {}

        public static void main(String[] args) throws Exception {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
            PidHandle[] children = new PidHandle[MOST_LINKS - FEWEST_LINKS + 2];
            for (int i = 0; i < children.length; i++) {
                children[i] = ended();
            }
            children[0].reap(); // loads what it takes
            int failures = 0;
            for (int links = FEWEST_LINKS; links <= MOST_LINKS; links++) {
                PidHandle next = children[1 + links - FEWEST_LINKS];
                fill();
                for (int i = 0; i < links; i++) {
                    hoard = (Object[]) hoard[0];
                }
                try {
                    next.reap();
                } catch (OutOfMemoryError e) {
                    failures++;
                }
                hoard = null;
                next.reap();
            }
            int told = 0;
            for (PidHandle child : children) {
                told += "exit code 7".equals(String.valueOf(child.status()))
                                && child.usage().isPresent()
                        ? 1
                        : 0;
            }
            out.print(told + " of " + children.length + (failures > 0 ? " though memory ran out" : "") + "\n");
        }

        private static PidHandle ended() {
            try (CStrings argv = CStrings.of(List.of("sh", "-c", "exit 7"));
                    CStrings environment = CStrings.of(List.of())) {
                int pid = Spawn.spawn(
                        new Spawn.Request("/bin/sh", argv, environment, null, new int[] {0, 1, 2}, true, -1));
                int pidfd = Wait.openPidfd(pid);
                Poll.awaitOne(pidfd, Poll.IN, -1);
                return new PidHandle(pid, pidfd, () -> true);
            }
        }

        /** In the end with small links, which can be given back one by one. */
        private static void fill() {
            byte[] reserve = new byte[SMALL_LINKS_BYTES];
            for (int size = 1 << 18; size >= 1 << 6; size /= 16) {
                addLinks(size);
            }
            reserve = null;
            addLinks(1);
        }

        private static void addLinks(int size) {
            try {
                while (true) {
                    Object[] more = new Object[size];
                    more[0] = hoard;
                    hoard = more;
                }
            } catch (OutOfMemoryError e) {
                // a smaller one may do
            }
        }
    }

    @Test
    @Scenario("process/8")
    void memoryThatRunsOutAsAChildIsReaped_losesNoStatus() throws Exception {
        Assumptions.assumeTrue(PosixLauncher.isAvailable(), "needs posix_spawn");
        ProcessResult result = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .args("-Xmx6m", "-XX:+UseSerialGC", "-Xint", "-cp", System.getProperty("java.class.path"))
                .args(FullHeap.class.getName())
                .timeout(Duration.ofSeconds(40))
                .run();
        assertEquals("16 of 16 though memory ran out\n", result.stdoutText(), result::stderrText);
    }
}

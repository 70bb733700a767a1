package org.processmanager.core.internal.posix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Tmp;

/** What the tests of the bindings share: real calls, every descriptor closed after the test, nothing left behind. */
@Timeout(180)
abstract class PosixTest {
    @RegisterExtension
    static final LeakCheck LEAKS =
            new LeakCheck().after(PosixTest::loadLibraries).allowing("file .*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private final List<Integer> open = new ArrayList<>();

    @BeforeAll
    static void needTheLayer() {
        Assumptions.assumeTrue(NativeLayer.available(), "the native layer is off, or not for this system");
    }

    /** JNA and the JDK's sockets keep a descriptor or two from their first use on. */
    private static void loadLibraries() {
        NativeLayer.available();
        try (ServerSocket socket = new ServerSocket(0)) {
            socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A descriptor that is closed after the test. */
    final int closing(int fd) {
        open.add(fd);
        return fd;
    }

    final int[] closing(int[] fds) {
        for (int fd : fds) {
            closing(fd);
        }
        return fds;
    }

    /** Closes a descriptor before the end of the test. */
    final void close(int fd) {
        open.remove((Integer) fd);
        Files.close(fd);
    }

    @AfterEach
    void closeDescriptors() {
        open.forEach(Files::close);
    }

    /** That no program which other code of this JVM starts at this moment gets the descriptor. */
    static void assertCloseOnExec(int fd) throws IOException {
        List<String> info =
                java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/self/fdinfo", Integer.toString(fd)));
        String flags = info.stream()
                .filter(line -> line.startsWith("flags:"))
                .findFirst()
                .orElseThrow();
        long octal = Long.parseLong(flags.substring("flags:".length()).strip(), 8);
        Assertions.assertTrue((octal & Files.O_CLOEXEC) != 0, flags);
    }

    static String path(java.nio.file.Path path) {
        return path.toString();
    }
}

package org.processmanager.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.ipc.ChatExample;
import org.processmanager.examples.ipc.ChildJvmExample;
import org.processmanager.examples.ipc.FeedExample;
import org.processmanager.examples.ipc.ManyToOneExample;
import org.processmanager.examples.ipc.MessagesExample;
import org.processmanager.examples.ipc.PythonWorkerExample;
import org.processmanager.examples.ipc.RequestReplyExample;
import org.processmanager.fixtures.LeakCheck;

/** Examples of pm-ipc print what they promise, and leave nothing behind; run here, their children as processes. */
@Timeout(180)
class IpcExamplesIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(IpcExamplesIT::warmUp)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*"); // the library keeps them

    @RegisterExtension
    final Printed printed = new Printed();

    /** The JDK keeps a socket from the first one on. */
    private static void warmUp() {
        NativeLayer.available();
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void messages_arriveFromAnotherProcess() throws Exception {
        MessagesExample.main(new String[0]);
        printed.assertAsOnThePage(MessagesExample.class);
    }

    @Test
    void manySenders_reachOneReceiver() throws Exception {
        ManyToOneExample.main(new String[0]);
        printed.assertAsOnThePage(ManyToOneExample.class);
    }

    @Test
    void childJvm_returnsItsResults() throws Exception {
        Assumptions.assumeTrue(NativeLayer.available(), "no channels without a name without the native layer");
        ChildJvmExample.main(new String[0]);
        printed.assertAsOnThePage(ChildJvmExample.class);
    }

    @Test
    void chat_isHeardByAllMembers() throws Exception {
        Assumptions.assumeTrue(NativeLayer.available(), "no FIFO transport without the native layer");
        ChatExample.main(new String[0]);
        printed.assertAsOnThePage(ChatExample.class);
    }

    @Test
    void requests_areAnsweredOrFail() throws Exception {
        RequestReplyExample.main(new String[0]);
        printed.assertAsOnThePage(RequestReplyExample.class);
    }

    @Test
    void pythonWorker_returnsItsResults() throws Exception {
        Assumptions.assumeTrue(NativeLayer.available(), "no pipes without the native layer");
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3"))),
                "needs python3");
        PythonWorkerExample.main(new String[0]);
        printed.assertAsOnThePage(PythonWorkerExample.class);
    }

    @Test
    void feed_reachesReceiversByTheirPolicies() throws Exception {
        FeedExample.main(new String[0]);
        List<String> lines = printed.text()
                .lines()
                .filter(line -> !line.matches("joined|after .* lags .*"))
                .toList();
        assertEquals(3, lines.size(), printed.text());
        assertEquals("5000 received, 0 missed", lines.get(0));
        Matcher dropping = Pattern.compile("(\\d+) received, (\\d+) missed").matcher(lines.get(1));
        assertTrue(dropping.matches(), printed.text());
        assertEquals(5_000, Integer.parseInt(dropping.group(1)) + Integer.parseInt(dropping.group(2)), printed.text());
        assertEquals("evicted", lines.get(2));
    }
}

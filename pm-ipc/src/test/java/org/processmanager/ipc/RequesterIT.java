package org.processmanager.ipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.Eventually;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Soak;
import org.processmanager.fixtures.Tmp;

/** Requests to a replier in another process. */
@Timeout(180)
class RequesterIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck().allowing("descriptor of /tmp/ffi.*");

    @RegisterExtension
    final Tmp tmp = new Tmp();

    static final class ReplierPeer implements ChildProgram {
        private final List<Replier> open = new ArrayList<>();
        private final AtomicInteger handling = new AtomicInteger();

        @Override
        public void register(ChildCommands commands) {
            commands.on("serve", args -> {
                Replier replier = new Replier(Ipc.receiver(args.get(0)), Ipc.sender(args.get(1)));
                open.add(replier);
                Thread thread = new Thread(() -> serve(replier));
                thread.setDaemon(true);
                thread.start();
                return "";
            });
            commands.on("handling", args -> "" + handling.get());
        }

        private void serve(Replier replier) {
            try {
                replier.serve(request -> {
                    if (request.length == 0) {
                        handling.incrementAndGet();
                        new CountDownLatch(1).await();
                    }
                    return request;
                });
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    @Scenario("request/2")
    void killedReplier_isReportedAtOnce() throws Exception {
        List<String> schemes = NativeLayer.available() ? List.of("mapped", "fifo", "unix") : List.of("mapped", "unix");
        Map<String, Requester> requesters = new LinkedHashMap<>();
        try (ChildJvm child = ChildJvm.start(ReplierPeer.class)) {
            for (String scheme : schemes) {
                for (String end : List.of("whenSendersGone", "never")) {
                    String requests = scheme + ":" + tmp.name(scheme + "-requests-" + end);
                    String replies = scheme + ":" + tmp.name(scheme + "-replies-" + end) + "?end=" + end;
                    MessageReceiver receiver = Ipc.receiver(replies);
                    child.call("serve", requests, replies);
                    requesters.put(requests, new Requester(Ipc.sender(requests), receiver));
                }
            }
            Map<String, Background<byte[]>> waiting = new LinkedHashMap<>();
            for (Map.Entry<String, Requester> each : requesters.entrySet()) {
                byte[] reply = each.getValue().request("x".getBytes(UTF_8), LONG);
                assertEquals("x", reply == null ? "none" : new String(reply, UTF_8), each.getKey());
                waiting.put(each.getKey(), Background.start(() -> each.getValue()
                        .request(new byte[0], LONG.multipliedBy(3))));
            }
            Eventually.assertThat(LONG, "all requests are handled", () -> child.call("handling")
                    .equals("" + waiting.size()));
            child.kill9();
            long killed = System.nanoTime();
            for (Map.Entry<String, Background<byte[]>> each : waiting.entrySet()) {
                assertThrows(ReplyLostException.class, each.getValue()::get, each.getKey());
                Duration passed = Duration.ofNanos(System.nanoTime() - killed);
                assertTrue(passed.compareTo(Soak.bound(Duration.ofSeconds(1))) < 0, each.getKey() + " took " + passed);
            }
        } finally {
            requesters.values().forEach(Requester::close);
        }
    }
}

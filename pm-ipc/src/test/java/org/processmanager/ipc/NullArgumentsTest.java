package org.processmanager.ipc;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.event.EventListener;
import org.processmanager.fixtures.NullArguments;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;

/** A null argument is rejected with the name of the parameter. */
class NullArgumentsTest {
    @RegisterExtension
    final Tmp tmp = new Tmp();

    @Test
    void nullArgument_isRejectedByName() {
        Endpoint endpoint = Endpoint.parse("mapped:" + tmp.path("channel"));
        try (MessageReceiver receiver = Ipc.receiver(endpoint, OpenMode.CREATE_NEW, Delivery.AT_MOST_ONCE);
                MessageSender sender = Ipc.sender(endpoint, OpenMode.OPEN_EXISTING)) {
            new NullArguments()
                    .sample(String.class, "x")
                    .sample(Object.class, "x")
                    .sample(Path.class, tmp.path("x"))
                    .sample(Endpoint.class, endpoint)
                    .sample(OpenMode.class, OpenMode.OPEN_EXISTING)
                    .sample(Delivery.class, Delivery.AT_MOST_ONCE)
                    .sample(Duration.class, Duration.ZERO)
                    .sample(ByteBuffer.class, ByteBuffer.allocate(1))
                    .sample(Codec.class, Codec.utf8())
                    .sample(Consumer.class, message -> {})
                    .sample(MessageSender.class, sender)
                    .sample(MessageReceiver.class, receiver)
                    .sample(EventListener.class, event -> {})
                    .sample(RequestHandler.class, request -> request)
                    .check(Ipc.class, null)
                    .check(Requester.class, new Requester(sender, receiver))
                    .check(Replier.class, new Replier(receiver, sender))
                    .check(Endpoint.class, endpoint)
                    .check(MessageSender.class, sender)
                    .check(MessageReceiver.class, receiver)
                    .assertRefused();
        }
    }
}

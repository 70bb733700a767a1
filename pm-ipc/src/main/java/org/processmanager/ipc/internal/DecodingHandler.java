package org.processmanager.ipc.internal;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.MessageHandler;

/** Decodes each message and passes the object to a consumer. */
public final class DecodingHandler<T> implements MessageHandler {
    private final Codec<T> codec;
    private final Consumer<? super T> consumer;

    /** Creates a handler. */
    public DecodingHandler(Codec<T> codec, Consumer<? super T> consumer) {
        this.codec = codec;
        this.consumer = consumer;
    }

    @Override
    public void onMessage(ByteBuffer buffer, int offset, int length) {
        consumer.accept(codec.decode(buffer, offset, length));
    }
}

package org.processmanager.ipc.internal.report;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.event.EventListener;
import org.processmanager.ipc.ChannelSnapshot;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.MessageHandler;
import org.processmanager.ipc.MessageReceiver;
import org.processmanager.ipc.ReceiveResult;

/** A receiver that reports each message before it is handled. */
public final class ReportingReceiver implements MessageReceiver {
    private final MessageReceiver receiver;
    private final Reporter reporter;

    public ReportingReceiver(MessageReceiver receiver, EventListener listener) {
        this.receiver = receiver;
        this.reporter = new Reporter(listener, receiver.snapshot().endpoint());
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        return receiver.poll(reporting(handler), limit);
    }

    @Override
    public byte @Nullable [] receive() throws InterruptedException {
        return reported(receiver.receive());
    }

    @Override
    public byte @Nullable [] receive(Duration timeout) throws InterruptedException {
        return reported(receiver.receive(timeout));
    }

    private byte @Nullable [] reported(byte @Nullable [] message) {
        if (message != null) {
            reporter.received(message.length);
        }
        return message;
    }

    @Override
    public <T> @Nullable T receive(Codec<T> codec) throws InterruptedException {
        return receiver.receive(new ReportingCodec<>(codec));
    }

    @Override
    public <T> @Nullable T receive(Codec<T> codec, Duration timeout) throws InterruptedException {
        return receiver.receive(new ReportingCodec<>(codec), timeout);
    }

    @Override
    public ReceiveResult receive(ByteBuffer into, Duration timeout) throws InterruptedException {
        ReceiveResult result = receiver.receive(into, timeout);
        if (result.isMessage()) {
            reporter.received(result.length());
        }
        return result;
    }

    @Override
    public boolean isChannelClosed() {
        return receiver.isChannelClosed();
    }

    @Override
    public void forEach(MessageHandler handler) throws InterruptedException {
        receiver.forEach(reporting(handler));
    }

    private MessageHandler reporting(MessageHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return (buffer, offset, length) -> {
            reporter.received(length);
            handler.onMessage(buffer, offset, length);
        };
    }

    @Override
    public ChannelSnapshot snapshot() {
        return receiver.snapshot();
    }

    @Override
    public void close() {
        receiver.close();
    }

    private final class ReportingCodec<T> implements Codec<T> {
        private final Codec<T> codec;

        ReportingCodec(Codec<T> codec) {
            this.codec = Objects.requireNonNull(codec, "codec");
        }

        @Override
        public ByteBuffer encode(T value) {
            return codec.encode(value);
        }

        @Override
        public T decode(ByteBuffer buffer, int offset, int length) {
            reporter.received(length);
            return codec.decode(buffer, offset, length);
        }
    }
}

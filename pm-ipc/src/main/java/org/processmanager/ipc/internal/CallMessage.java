package org.processmanager.ipc.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.processmanager.ipc.ChannelException;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.Endpoint;

/**
 * A request or a reply in a message, in the layout that {@link org.processmanager.ipc.Requester} documents.
 *
 * @param kind {@link #REQUEST}, {@link #REPLY} or {@link #FAILURE}; another value if the message is none of these
 * @param requester random number of the requester
 * @param number number of the request
 * @param timeoutMillis how long the requester waits; 0 in replies
 * @param content the request, the reply or the text of the failure; the message as it is if it is none of these
 */
public record CallMessage(int kind, long requester, long number, int timeoutMillis, byte[] content) {
    /** A request. */
    public static final int REQUEST = 1;

    /** The reply of a handler. */
    public static final int REPLY = 2;

    /** The text of a handler's exception. */
    public static final int FAILURE = 3;

    /** Bytes before the content. */
    public static final int HEADER_BYTES = 28;

    /** Decodes messages. Accepts every message, so that none is received again. */
    public static final Codec<CallMessage> CODEC = new Codec<>() {
        @Override
        public ByteBuffer encode(CallMessage value) {
            return value.encode();
        }

        @Override
        public CallMessage decode(ByteBuffer buffer, int offset, int length) {
            return CallMessage.decode(buffer, offset, length);
        }
    };

    private static final int MAGIC_VALUE = 0x504d5251; // PMRQ
    private static final int MAGIC = 0;
    private static final int KIND = 4;
    private static final int REQUESTER = 8;
    private static final int NUMBER = 16;
    private static final int TIMEOUT = 24;

    /** Returns the reply to this request. */
    public CallMessage reply(byte[] reply) {
        return new CallMessage(REPLY, requester, number, 0, reply);
    }

    /**
     * Returns the reply that this request failed.
     *
     * @param maxBytes limits the message
     */
    public CallMessage failure(String text, int maxBytes) {
        String sent = text;
        byte[] content = sent.getBytes(StandardCharsets.UTF_8);
        while (HEADER_BYTES + content.length > maxBytes && !sent.isEmpty()) {
            sent = sent.substring(0, sent.length() / 2);
            content = sent.getBytes(StandardCharsets.UTF_8);
        }
        return new CallMessage(FAILURE, requester, number, 0, content);
    }

    /** Returns the text of a failure. */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /**
     * Rejects a message of another kind, which was received and is discarded.
     *
     * @param endpoint where it was received
     * @param request whether requests are expected there, or replies
     */
    public void check(Endpoint endpoint, boolean request) {
        if (request != (kind == REQUEST) || kind < REQUEST || kind > FAILURE) {
            throw new ChannelException("a message of " + content.length + " bytes on " + endpoint + " is no "
                    + (request ? "request" : "reply")
                    + " and was discarded (expected: the header that Requester documents)");
        }
    }

    /** Returns the message. */
    public ByteBuffer encode() {
        return ByteBuffer.allocate(HEADER_BYTES + content.length)
                .putInt(MAGIC, MAGIC_VALUE)
                .putInt(KIND, kind)
                .putLong(REQUESTER, requester)
                .putLong(NUMBER, number)
                .putInt(TIMEOUT, timeoutMillis)
                .put(HEADER_BYTES, content);
    }

    private static CallMessage decode(ByteBuffer buffer, int offset, int length) {
        boolean known = length >= HEADER_BYTES && buffer.getInt(offset + MAGIC) == MAGIC_VALUE;
        int header = known ? HEADER_BYTES : 0;
        byte[] content = new byte[length - header];
        buffer.get(offset + header, content);
        if (!known) {
            return new CallMessage(0, 0, 0, 0, content);
        }
        return new CallMessage(
                buffer.getInt(offset + KIND),
                buffer.getLong(offset + REQUESTER),
                buffer.getLong(offset + NUMBER),
                Math.max(0, buffer.getInt(offset + TIMEOUT)),
                content);
    }
}

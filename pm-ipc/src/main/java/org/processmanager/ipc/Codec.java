package org.processmanager.ipc;

import java.nio.ByteBuffer;

/**
 * Encodes objects as messages and decodes messages into objects. Both directions may run in different processes and versions,
 * so a codec should document its format. Java serialization is deliberately not offered. A codec must be thread-safe.
 *
 * @param <T> the type of the objects
 */
public interface Codec<T> {
    /**
     * Encodes an object.
     *
     * @param value the object
     * @return the message, between position and limit of a buffer that the sender only reads
     * @throws CodecException if the object cannot be encoded
     */
    ByteBuffer encode(T value);

    /**
     * Decodes a message. The buffer is valid only during this call: copy what the object keeps.
     *
     * @param buffer holds the message; may be read-only
     * @param offset index of its first byte
     * @param length number of bytes
     * @return the object
     * @throws CodecException if the message cannot be decoded
     */
    T decode(ByteBuffer buffer, int offset, int length);

    /**
     * Returns a codec of byte arrays, which are the messages.
     *
     * @return a codec of byte arrays
     */
    static Codec<byte[]> bytes() {
        return org.processmanager.ipc.internal.BytesCodec.INSTANCE;
    }

    /**
     * Returns a codec of text in UTF-8. Malformed text is a {@link CodecException} in both directions and never replaced.
     *
     * @return a codec of strings
     */
    static Codec<String> utf8() {
        return org.processmanager.ipc.internal.Utf8Codec.INSTANCE;
    }
}

package org.processmanager.ipc;

import java.nio.ByteBuffer;

/**
 * How objects become messages and messages objects. Both directions may run in different processes and versions, so a codec
 * states its format; Java serialization is none that this library offers. A codec is used by several threads at once.
 *
 * @param <T> the type of the objects
 */
public interface Codec<T> {
    /**
     * Makes a message.
     *
     * @param value the object
     * @return the message, between the position and the limit of a buffer that the sender only reads
     */
    ByteBuffer encode(T value);

    /**
     * Makes an object of a message. The buffer is valid during this call alone: what the object keeps is copied.
     *
     * @param buffer where the message lies; may be read-only
     * @param offset index of its first byte
     * @param length how many bytes it has
     * @return the object
     * @throws CodecException if the bytes are no such object
     */
    T decode(ByteBuffer buffer, int offset, int length);

    /**
     * Messages as they are, copied.
     *
     * @return a codec of byte arrays
     */
    static Codec<byte[]> bytes() {
        return org.processmanager.ipc.internal.BytesCodec.INSTANCE;
    }

    /**
     * Text in UTF-8, checked in both directions: malformed text is a {@link CodecException}, never replaced.
     *
     * @return a codec of strings
     */
    static Codec<String> utf8() {
        return org.processmanager.ipc.internal.Utf8Codec.INSTANCE;
    }
}

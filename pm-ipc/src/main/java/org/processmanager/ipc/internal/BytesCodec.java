package org.processmanager.ipc.internal;

import java.nio.ByteBuffer;
import org.processmanager.ipc.Codec;

/** Copies messages unchanged. */
public enum BytesCodec implements Codec<byte[]> {
    INSTANCE;

    @Override
    public ByteBuffer encode(byte[] value) {
        return ByteBuffer.wrap(value);
    }

    @Override
    public byte[] decode(ByteBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return bytes;
    }
}

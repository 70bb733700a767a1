package org.processmanager.ipc.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.processmanager.ipc.Codec;
import org.processmanager.ipc.CodecException;

/** Text in UTF-8, checked in both directions because a replaced character would be a silent loss. */
public enum Utf8Codec implements Codec<String> {
    INSTANCE;

    @Override
    public ByteBuffer encode(String value) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
        } catch (CharacterCodingException e) {
            throw new CodecException("text of " + value.length() + " characters contains an unpaired surrogate", e);
        }
    }

    @Override
    public String decode(ByteBuffer buffer, int offset, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(buffer.slice(offset, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CodecException("message of " + length + " bytes is not UTF-8; receive it with Codec.bytes()", e);
        }
    }
}
